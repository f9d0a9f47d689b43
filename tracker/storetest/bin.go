package storetest

import (
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
)

// PutInBin marks a run as deleted at a time; the zero time takes it out again.
func PutInBin(t testing.TB, store tracker.Store, id string, at time.Time) {
	t.Helper()
	if _, err := store.UpdateRun(t.Context(), id, func(r *tracker.Run) error { r.Deleted = at; return nil }); err != nil {
		t.Fatal(err)
	}
}

func testBin(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Run("a run in the bin is not listed and can be taken out again", func(t *testing.T) {
		store := open(t)
		run, other := Create(t, store, "thrown away"), Create(t, store, "thrown not")
		list := func(deleted bool) (ids []string) {
			t.Helper()
			runs, err := store.Runs(t.Context(), tracker.RunFilter{Deleted: deleted})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range runs {
				ids = append(ids, r.ID)
			}
			return ids
		}
		PutInBin(t, store, run.ID, began)
		found, err := store.Search(t.Context(), "thrown")
		if want := []string{other.ID}; err != nil || !slices.Equal(list(false), want) || !slices.Equal(found, want) {
			t.Errorf("listed %v, found %v, %v", list(false), found, err)
		}
		got, err := store.Run(t.Context(), run.ID)
		if err != nil || !got.Deleted.Equal(began.Truncate(time.Millisecond)) || !slices.Equal(list(true), []string{run.ID}) {
			t.Errorf("got %+v, %v; in the bin %v", got, err, list(true))
		}
		PutInBin(t, store, run.ID, time.Time{})
		if len(list(false)) != 2 || list(true) != nil {
			t.Errorf("listed %v, in the bin %v", list(false), list(true))
		}
	})

	t.Run("GC removes what lay in the bin before, and nothing else", func(t *testing.T) {
		store := open(t)
		var runs []*tracker.Run
		var hashes []string
		for _, name := range []string{"old", "recent", "kept"} {
			run := NewRun(t, name)
			run.Project, run.Tags, run.Params = name, map[string]string{"a": "b"}, tracker.Params{"p": 1}
			run.Source.Diff = "diff"
			if err := store.CreateRun(t.Context(), run); err != nil {
				t.Fatal(err)
			}
			hashes = append(hashes, FillRun(t, store, run.ID))
			runs = append(runs, run)
		}
		if _, err := store.SaveArtifact(t.Context(), runs[2].ID, "gone", began, strings.NewReader("gone")); err != nil {
			t.Fatal(err)
		}
		if err := store.RemoveArtifact(t.Context(), runs[2].ID, "gone"); err != nil {
			t.Fatal(err)
		}
		PutInBin(t, store, runs[0].ID, began)
		PutInBin(t, store, runs[1].ID, began.Add(time.Hour))
		for _, name := range []string{"old", "recent"} {
			if _, err := store.UpdateProject(t.Context(), name, func(p *tracker.Project) error { p.Deleted = began; return nil }); err != nil {
				t.Fatal(err)
			}
		}
		collected, err := store.GC(t.Context(), began.Add(time.Minute))
		if err != nil || collected.Runs != 1 || collected.Points != 3 {
			t.Errorf("got %+v, %v", collected, err)
		}
		if _, err := store.Run(t.Context(), runs[0].ID); !errors.Is(err, tracker.ErrNotFound) {
			t.Errorf("the old run: got %v", err)
		}
		if series, err := store.Series(t.Context(), runs[0].ID, runs[1].ID, runs[2].ID); err != nil || len(series) != 4 {
			t.Errorf("got %v, %v", series, err)
		}
		for i, hash := range hashes {
			_, err := contentOf(t, store, hash)
			if i == 0 != errors.Is(err, tracker.ErrNotFound) {
				t.Errorf("content %d: got %v", i, err)
			}
		}
		var names []string
		projects, err := store.Projects(t.Context())
		for _, p := range projects {
			names = append(names, p.Name)
		}
		if err != nil || !slices.Equal(names, []string{"recent", "kept"}) {
			t.Errorf("got %v, %v", names, err)
		}
		if findings, err := store.Check(t.Context()); err != nil || len(findings) != 0 {
			t.Errorf("got %q, %v", findings, err)
		}
		// What comes next finds no traces.
		next := Create(t, store, "next")
		if texts, err := store.Texts(t.Context(), next.ID, ""); err != nil || len(texts) != 0 {
			t.Errorf("got %v, %v", texts, err)
		}
		FillRun(t, store, next.ID)
		if found, err := store.Search(t.Context(), "self-attention"); err != nil || !reflect.DeepEqual(found, sortedByID(next.ID, runs[2].ID)) {
			t.Errorf("got %v, %v", found, err)
		}
	})

	t.Run("an artifact that is removed is gone, with all its versions", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "artifacts")
		for _, name := range []string{"a", "b", "a"} {
			if _, err := store.SaveArtifact(t.Context(), run.ID, name, began, strings.NewReader("x")); err != nil {
				t.Fatal(err)
			}
		}
		if err := store.RemoveArtifact(t.Context(), run.ID, "a"); err != nil {
			t.Fatal(err)
		}
		if got, err := store.Artifacts(t.Context(), run.ID); err != nil || len(got) != 1 || got[0].Name != "b" {
			t.Errorf("got %v, %v", got, err)
		}
		if err := store.RemoveArtifact(t.Context(), run.ID, "a"); !errors.Is(err, tracker.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}

// FillRun adds one of everything to a run and returns the hash of a content that only it has.
func FillRun(t testing.TB, store tracker.Store, id string) (hash string) {
	t.Helper()
	ctx := t.Context()
	artifact, err := store.SaveArtifact(ctx, id, "own", began, strings.NewReader(id))
	_, errImage := store.AddImage(ctx, id, tracker.Image{Key: "i", Time: began, Session: 1, MIME: "image/png"}, strings.NewReader("shared"))
	for _, err := range []error{
		err, errImage,
		store.Log(ctx, id, append(Samples("x", 1, 2), Samples("y", 3)...)),
		store.AddText(ctx, id, tracker.Text{Key: "t", Time: began, Session: 1, Body: "self-attention"}),
		store.AddTable(ctx, id, tracker.Table{Key: "t", Time: began, Session: 1, Columns: []string{"a"}, Rows: [][]any{{1}}}),
		store.AddHistogram(ctx, id, tracker.Histogram{Key: "h", Time: began, Session: 1, Edges: []float64{0, 1}, Counts: []float64{1}}),
		store.AddConsole(ctx, id, []tracker.Console{{Time: began, Session: 1, Stream: "stdout", Text: "x\n"}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return artifact.Hash
}

func contentOf(t testing.TB, store tracker.Reader, hash string) (string, error) {
	t.Helper()
	file, err := store.OpenArtifact(t.Context(), hash)
	if err != nil {
		return "", err
	}
	content, err := io.ReadAll(file)
	return string(content), errors.Join(err, file.Close())
}

// sortedByID gives IDs in the order of runs that started together: the larger first.
func sortedByID(ids ...string) []string {
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(b, a) })
	return ids
}
