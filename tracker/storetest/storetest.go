package storetest

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"paperlab/tracker"
)

// Run tests a kind of store, or only these parts of it. open gives a new, empty one, and closes it when the test ends.
func Run(t *testing.T, open func(t *testing.T) tracker.Store, parts ...string) {
	for _, part := range []struct {
		name string
		test func(t *testing.T, open func(t *testing.T) tracker.Store)
	}{
		{"runs", testRuns},
		{"updates", testUpdates},
		{"points", testPoints},
		{"summaries", testSummaries},
		{"concurrency", testConcurrency},
		{"texts", testTexts},
		{"artifacts", testArtifacts},
		{"search", testSearch},
		{"projects", testProjects},
		{"media", testMedia},
		{"console", testConsole},
		{"bin", testBin},
		{"changes", testChanges},
		{"scale", testScale},
	} {
		if len(parts) > 0 && !slices.Contains(parts, part.name) {
			continue
		}
		t.Run(part.name, func(t *testing.T) { part.test(t, open) })
	}
}

// began is when the runs of these tests start; its nanoseconds are more than a store keeps.
var began = time.Date(2026, 3, 14, 15, 9, 26, 535_897_932, time.UTC)

// NewRun gives a run that nobody owns, with a new ID and nothing set that need not be.
func NewRun(t testing.TB, name string) *tracker.Run {
	t.Helper()
	id, err := tracker.NewID(began, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &tracker.Run{ID: id, Project: "default", Name: name, Status: tracker.Running, Started: began, Session: 1}
}

// Create adds a run such as NewRun gives to the store.
func Create(t testing.TB, store tracker.Store, name string) *tracker.Run {
	t.Helper()
	run := NewRun(t, name)
	if err := store.CreateRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	return run
}

// Samples gives samples of one series, at steps 0, 1, 2 and so on.
func Samples(key string, values ...float64) []tracker.Sample {
	samples := make([]tracker.Sample, len(values))
	for i, value := range values {
		samples[i] = tracker.Sample{Key: key, Point: tracker.Point{
			Step: int64(i), Time: began.Truncate(time.Millisecond), Session: 1, Value: value,
		}}
	}
	return samples
}
