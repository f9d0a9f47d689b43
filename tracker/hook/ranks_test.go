package hook_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
	"paperlab/tracker/sysmon"
)

func TestTheMachinesOfAllRanksAreInOneRun(t *testing.T) {
	place := filepath.Join(t.TempDir(), runs.FileName)
	open := func(ctx context.Context) (tracker.Store, error) { return runs.Open(ctx, place) }
	store, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ids, first, second := make(chan string, 1), make(chan time.Time), make(chan time.Time)
	lead := hook.NewRecord(store, runs.Options{Name: "ranks"}, hook.Sampling(sysmon.Options{Ticks: first})).Lead(
		func(_ context.Context, id string) (string, error) { ids <- id; return id, nil })
	id := ""
	follow := hook.Follow(open, 1, func(context.Context, string) (string, error) { id = <-ids; return id, nil }, sysmon.Options{Ticks: second})
	absent := hook.Follow(func(context.Context) (tracker.Store, error) { return nil, tracker.ErrNotFound }, 2,
		func(context.Context, string) (string, error) { return id, nil }, sysmon.Options{})
	tell := func(event train.Event) {
		t.Helper()
		for _, each := range []train.Hook{lead, follow, absent} {
			if err := each(t.Context(), event); err != nil {
				t.Fatal(err)
			}
		}
	}
	tell(train.Started{})
	for _, ticks := range []chan time.Time{first, second} {
		ticks <- time.Now() // who takes it has taken a sample before
	}
	tell(train.Finished{})
	summary, err := runs.Get(t.Context(), store, id)
	if err != nil {
		t.Fatal(err)
	}
	contexts := map[tracker.Context]int{}
	for _, series := range summary.Series {
		if strings.HasPrefix(series.Key, "system/memory") {
			contexts[series.Context]++
		}
	}
	if contexts[""] == 0 || contexts["rank=1"] != contexts[""] || len(contexts) != 2 {
		t.Errorf("series of memory by context: %v", contexts)
	}
}
