package table_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/bench/table"
)

// fake does tasks by giving out samples: those of a task one after the other, the last of them again and again. A task without
// samples fails.
type fake struct {
	samples map[string][]table.Sample
	done    []string
}

func (f *fake) run(_ context.Context, task string) (table.Sample, error) {
	f.done = append(f.done, task)
	queue := f.samples[task]
	if len(queue) == 0 {
		return table.Sample{}, errors.New(task + ": out of order")
	}
	if len(queue) > 1 {
		f.samples[task] = queue[1:]
	}
	return queue[0], nil
}

func takes(seconds ...float64) []table.Sample {
	samples := make([]table.Sample, len(seconds))
	for i, s := range seconds {
		samples[i].Seconds = s
	}
	return samples
}

func answers(numbers ...float64) []table.Sample {
	return []table.Sample{{Seconds: 1, Answer: numbers}}
}

func measure(t *testing.T, f *fake, rounds int, rows ...table.Row) table.Table {
	t.Helper()
	measured, err := table.Measure(t.Context(), rows, rounds, f.run)
	if err != nil {
		t.Fatal(err)
	}
	return measured
}

func TestTasksAreDoneInTurnsAndOnceARound(t *testing.T) {
	f := &fake{samples: map[string][]table.Sample{"a": takes(1), "b": takes(1), "c": takes(1)}}
	measure(t, f, 2,
		table.Row{Work: "first", Unit: table.Seconds, Ours: "a", Peer: "b"},
		table.Row{Work: "second", Unit: table.Seconds, Ours: "c", Peer: "b"},
		table.Row{Work: "third", Unit: table.Seconds, Ours: "a", Aim: 1},
	)
	if got, want := strings.Join(f.done, ""), "abcabc"; got != want {
		t.Errorf("done %s, want %s", got, want)
	}
}

func TestTheBestRoundsAreCompared(t *testing.T) {
	f := &fake{samples: map[string][]table.Sample{
		"ours": {{Seconds: 3, PeakMB: 10}, {Seconds: 1, PeakMB: 30}, {Seconds: 2, PeakMB: 20}},
		"peer": {{Seconds: 5, PeakMB: 50}, {Seconds: 6, PeakMB: 40}, {Seconds: 4, PeakMB: 60}},
	}}
	got := measure(t, f, 3,
		table.Row{Work: "time", Unit: table.Seconds, Ours: "ours", Peer: "peer"},
		table.Row{Work: "memory", Unit: table.PeakMB, Ours: "ours", Peer: "peer"},
	).Results
	want := []table.Result{
		{Work: "time", Unit: "s", Ours: 1, Peer: 4, Ratio: 4},
		{Work: "memory", Unit: "MB", Ours: 10, Peer: 40, Ratio: 4},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestARatioAboveOneMeansThatOursIsBetter(t *testing.T) {
	for _, c := range []struct {
		unit              table.Unit
		ours, peer, ratio float64
	}{
		{table.Seconds, 0.5, 2, 4},
		{table.Milliseconds, 500, 2000, 4},
		{table.Microseconds, 500_000, 2_000_000, 4},
		{table.Rate("docs"), 2, 0.5, 4},
	} {
		f := &fake{samples: map[string][]table.Sample{"ours": takes(0.5), "peer": takes(2)}}
		r := measure(t, f, 1, table.Row{Work: "work", Unit: c.unit, Ours: "ours", Peer: "peer", Reach: 4}).Results[0]
		if r.Ours != c.ours || r.Peer != c.peer || r.Ratio != c.ratio || !r.Met() {
			t.Errorf("%s: %+v, want %g beside %g, ratio %g, met", c.unit.Name, r, c.ours, c.peer, c.ratio)
		}
	}
}

func TestAnAimStandsInForAPeer(t *testing.T) {
	f := &fake{samples: map[string][]table.Sample{"ours": takes(1. / 128)}}
	r := measure(t, f, 1, table.Row{Work: "work", Unit: table.Rate("points"), Ours: "ours", Aim: 256, PeerName: "the aim", Reach: 1}).Results[0]
	if want := (table.Result{Work: "work", Unit: "points/s", Ours: 128, Peer: 256, PeerName: "the aim", Ratio: 0.5, Reach: 1}); r != want || r.Met() {
		t.Errorf("got %+v, want %+v, not met", r, want)
	}
}

func TestAFailedTaskTakesOutItsOwnRowsOnly(t *testing.T) {
	f := &fake{samples: map[string][]table.Sample{"a": takes(1), "b": takes(1)}}
	got := measure(t, f, 2,
		table.Row{Work: "bad", Unit: table.Seconds, Ours: "a", Peer: "broken"},
		table.Row{Work: "good", Unit: table.Seconds, Ours: "a", Peer: "b"},
	)
	if len(got.Results) != 1 || got.Results[0].Work != "good" {
		t.Errorf("results %v, want good's alone", got.Results)
	}
	if want := []table.Absent{{Work: "bad", Reason: "broken: out of order", Failed: true}}; !slices.Equal(got.Absent, want) {
		t.Errorf("absent %v, want %v", got.Absent, want)
	}
	if err := got.Err(); err == nil || !strings.Contains(err.Error(), "1 of 2 rows") {
		t.Errorf("error %v does not count the rows", err)
	}
	if tried := strings.Count(strings.Join(f.done, " "), "broken"); tried != 1 {
		t.Errorf("a failed task was tried %d times", tried)
	}
}

func TestWhatIsNotThereIsNotMeasuredAndNotAFailure(t *testing.T) {
	f := &fake{}
	got := measure(t, f, 1, table.Row{Work: "later", Unit: table.Seconds, Ours: "a", Peer: "b", Missing: "not built yet"})
	if want := []table.Absent{{Work: "later", Reason: "not built yet"}}; !slices.Equal(got.Absent, want) || got.Err() != nil || f.done != nil {
		t.Errorf("absent %v, error %v, done %v", got.Absent, got.Err(), f.done)
	}
}

func TestOtherAnswersThanThePeersTakeARowOut(t *testing.T) {
	for name, c := range map[string]struct {
		ours, peer []table.Sample
		within     float64
		absent     bool
	}{
		"equal numbers":           {answers(1, 2), answers(1, 2), 0, false},
		"none":                    {answers(), answers(), 0, false},
		"numbers near enough":     {answers(100), answers(101), 0.01, false},
		"numbers too far apart":   {answers(100), answers(102), 0.01, true},
		"a number too many":       {answers(1, 2), answers(1), 0.01, true},
		"whatever, where allowed": {answers(1, 2), answers(3), table.Anything, false},
	} {
		f := &fake{samples: map[string][]table.Sample{"ours": c.ours, "peer": c.peer}}
		got := measure(t, f, 1, table.Row{Work: "work", Unit: table.Seconds, Ours: "ours", Peer: "peer", Within: c.within})
		if absent := len(got.Absent) == 1 && got.Absent[0].Failed; absent != c.absent {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAFigureThatCannotBeIsAFailure(t *testing.T) {
	for name, row := range map[string]table.Row{
		"no time":   {Unit: table.Seconds, Ours: "idle", Aim: 1},
		"no memory": {Unit: table.PeakMB, Ours: "work", Aim: 1},
	} {
		f := &fake{samples: map[string][]table.Sample{"idle": takes(0), "work": takes(1)}}
		if got := measure(t, f, 1, row); len(got.Results) != 0 || got.Err() == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestMeasuringEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	done := 0
	_, err := table.Measure(ctx, []table.Row{{Work: "work", Unit: table.Seconds, Ours: "ours", Peer: "peer"}}, 9, func(context.Context, string) (table.Sample, error) {
		done++
		cancel()
		return table.Sample{}, fmt.Errorf("killed")
	})
	if !errors.Is(err, context.Canceled) || done != 1 {
		t.Errorf("error %v after %d tasks", err, done)
	}
}

func TestNoRoundsAreRefused(t *testing.T) {
	if _, err := table.Measure(t.Context(), nil, 0, (&fake{}).run); err == nil {
		t.Error("no error")
	}
}
