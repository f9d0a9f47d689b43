package storetest

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
)

// Fill adds two projects, one of them in the bin, and three runs with everything that a run may have, one of them in the
// bin.
func Fill(t testing.TB, store tracker.Store) {
	t.Helper()
	ctx := t.Context()
	if _, err := store.UpdateProject(ctx, "papers", func(p *tracker.Project) error {
		p.ID, p.Created, p.Deleted, p.Tags["a"] = 17, began, began.Add(time.Hour), "b"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, project := range []string{"default", "papers", "default"} {
		run := NewRun(t, fmt.Sprint("run ", i))
		run.Project, run.Params = project, tracker.Params{"lr": 5e-5, "n": i, "list": []int{1}}
		run.Tags, run.Notes = map[string]string{"k": "v"}, "notes \u00e9"
		run.Source = tracker.Source{Command: "c", Diff: strings.Repeat("+ line\n", 1000)}
		run.Machine.Env = map[string]string{"go": "1.26"}
		run.Owner, run.Heartbeat, run.Session = &tracker.Owner{PID: i, Born: 7, Boot: "b"}, began, 2
		if i == 2 {
			run.Deleted, run.Status, run.Ended = began, tracker.Failed, began.Add(time.Minute)
		}
		if err := store.CreateRun(ctx, run); err != nil {
			t.Fatal(err)
		}
		FillRun(t, store, run.ID)
		// A step logged twice, a session that hides older points, values that are no numbers, a context.
		again := Samples("x", 3, math.NaN(), math.Inf(-1))
		for j := range again {
			again[j].Session, again[j].Step = 2, int64(5-j)
		}
		ranked := Samples("x", 1)
		ranked[0].Context = tracker.NewContext(map[string]string{"rank": "1"})
		for _, samples := range [][]tracker.Sample{Samples("x", 7), again, ranked} {
			if err := store.Log(ctx, run.ID, samples); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Same checks that two stores hold the same projects and runs with the same contents.
func Same(t testing.TB, got, want tracker.Reader) {
	t.Helper()
	if g, w := everything(t, got), everything(t, want); !slices.Equal(g, w) {
		for i := range max(len(g), len(w)) {
			if i >= len(g) || i >= len(w) || g[i] != w[i] {
				t.Fatalf("the stores differ at item %d of %d and %d:\ngot  %.500s\nwant %.500s", i, len(g), len(w), at(g, i), at(w, i))
			}
		}
	}
}

func at(items []string, i int) string {
	if i < len(items) {
		return items[i]
	}
	return "nothing"
}

// everything describes all that a store holds, one item a thing.
func everything(t testing.TB, store tracker.Reader) (items []string) {
	t.Helper()
	ctx := t.Context()
	note := func(things any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for v, i := reflect.ValueOf(things), 0; i < v.Len(); i++ {
			items = append(items, fmt.Sprintf("%+v", v.Index(i)))
		}
	}
	note(store.Projects(ctx))
	for _, deleted := range []bool{false, true} {
		runs, err := store.Runs(ctx, tracker.RunFilter{Deleted: deleted})
		if err != nil {
			t.Fatal(err)
		}
		for _, listed := range runs {
			run, err := store.Run(ctx, listed.ID)
			if err != nil {
				t.Fatal(err)
			}
			var owner tracker.Owner
			if run.Owner != nil {
				owner, run.Owner = *run.Owner, nil
			}
			items = append(items, fmt.Sprintf("%+v %+v", *run, owner))
			series, err := store.Series(ctx, run.ID)
			note(series, err)
			for _, s := range series {
				note(store.Points(ctx, run.ID, s.Key, s.Context))
			}
			note(store.Texts(ctx, run.ID, ""))
			note(store.Tables(ctx, run.ID, ""))
			note(store.Histograms(ctx, run.ID, ""))
			chunks, _, err := store.Console(ctx, run.ID, 0)
			note(chunks, err)
			images, err := store.Images(ctx, run.ID, "")
			note(images, err)
			artifacts, err := store.Artifacts(ctx, run.ID)
			note(artifacts, err)
			for _, i := range images {
				content, err := contentOf(t, store, i.Hash)
				note([]string{content}, err)
			}
			for _, a := range artifacts {
				content, err := contentOf(t, store, a.Hash)
				note([]string{content}, err)
			}
		}
	}
	return items
}
