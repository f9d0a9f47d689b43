package storetest

import (
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
)

func testMedia(t *testing.T, open func(t *testing.T) tracker.Store) {
	at := began.Truncate(time.Millisecond)

	t.Run("tables come back as they were", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "tables")
		tables := []tracker.Table{
			{Key: "eval/summaries", Step: 2, Time: at, Session: 1, Columns: []string{"paper", "n", "rouge \U0001F4C9", "ok", "none"}, Rows: [][]any{
				{"a \"quoted\"\nname", int64(3), 0.25, true, nil},
				{"1", int64(math.MaxInt64), 3.0, false, nil},
				{"NaN", int64(-1), math.Inf(1), true, nil},
				{"{}", int64(0), math.Inf(-1), true, nil},
				{"", int64(0), 1e300, true, nil},
			}},
			{Key: "other", Step: 1, Time: at, Session: 2, Columns: []string{}, Rows: [][]any{}},
		}
		for _, table := range tables {
			if err := store.AddTable(t.Context(), run.ID, table); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := store.Tables(t.Context(), run.ID, ""); err != nil || !reflect.DeepEqual(got, tables) {
			t.Errorf("all: got %v, %v; want %v", got, err, tables)
		}
		if got, err := store.Tables(t.Context(), run.ID, "other"); err != nil || !reflect.DeepEqual(got, tables[1:]) {
			t.Errorf("one key: got %v, %v", got, err)
		}
		nan := tracker.Table{Key: "nan", Columns: []string{"x"}, Rows: [][]any{{math.NaN()}, {float32(0.1)}, {7}}}
		if err := store.AddTable(t.Context(), run.ID, nan); err != nil {
			t.Fatal(err)
		}
		got, err := store.Tables(t.Context(), run.ID, "nan")
		if err != nil || len(got) != 1 || !math.IsNaN(got[0].Rows[0][0].(float64)) || got[0].Rows[1][0] != 0.1 || got[0].Rows[2][0] != int64(7) {
			t.Errorf("got %v, %v", got, err)
		}
		for name, bad := range map[string]tracker.Table{
			"no key":  {Columns: []string{"x"}},
			"ragged":  {Key: "x", Columns: []string{"a", "b"}, Rows: [][]any{{1}}},
			"a list":  {Key: "x", Columns: []string{"a"}, Rows: [][]any{{[]int{1}}}},
			"a chan":  {Key: "x", Columns: []string{"a"}, Rows: [][]any{{make(chan int)}}},
			"too big": {Key: "x", Columns: []string{"a"}, Rows: [][]any{{uint64(math.MaxUint64)}}},
		} {
			if err := store.AddTable(t.Context(), run.ID, bad); !errors.Is(err, tracker.ErrInvalid) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})

	t.Run("histograms come back as they were", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "histograms")
		histograms := []tracker.Histogram{
			{Key: "grad", Step: 1, Time: at, Session: 1, Edges: []float64{math.Inf(-1), -0.1, 0, 0, math.Inf(1)}, Counts: []float64{1, 2.5, 0, 1e9}},
			{Key: "weights", Step: 1, Time: at, Session: 1, Edges: []float64{1, 1}, Counts: []float64{3}},
		}
		for _, h := range histograms {
			if err := store.AddHistogram(t.Context(), run.ID, h); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := store.Histograms(t.Context(), run.ID, ""); err != nil || !reflect.DeepEqual(got, histograms) {
			t.Errorf("all: got %v, %v; want %v", got, err, histograms)
		}
		if got, err := store.Histograms(t.Context(), run.ID, "grad"); err != nil || !reflect.DeepEqual(got, histograms[:1]) {
			t.Errorf("one key: got %v, %v", got, err)
		}
		for name, bad := range map[string]tracker.Histogram{
			"no key":   {Edges: []float64{0, 1}, Counts: []float64{1}},
			"empty":    {Key: "x"},
			"edges":    {Key: "x", Edges: []float64{0, 1}, Counts: []float64{1, 2}},
			"order":    {Key: "x", Edges: []float64{1, 0}, Counts: []float64{1}},
			"NaN edge": {Key: "x", Edges: []float64{0, math.NaN()}, Counts: []float64{1}},
			"NaN":      {Key: "x", Edges: []float64{0, 1}, Counts: []float64{math.NaN()}},
			"negative": {Key: "x", Edges: []float64{0, 1}, Counts: []float64{-1}},
			"infinite": {Key: "x", Edges: []float64{0, 1}, Counts: []float64{math.Inf(1)}},
		} {
			if err := store.AddHistogram(t.Context(), run.ID, bad); !errors.Is(err, tracker.ErrInvalid) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})

	t.Run("images come back with their contents", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "images")
		var images []tracker.Image
		for _, i := range []tracker.Image{
			{Key: "attention", Step: 1, Time: at, Session: 1, MIME: "image/png", Width: 640, Height: 480, Caption: "layer 3\n\u00e9"},
			{Key: "other", Step: 2, Time: at, Session: 1, MIME: "image/svg+xml"},
		} {
			added, err := store.AddImage(t.Context(), run.ID, i, strings.NewReader("pixels"))
			if err != nil {
				t.Fatal(err)
			}
			i.Hash, i.Size = "6ec9c2b0eb14010746c8bce8939303b382344b296206612eb8a907a37b2b2f37", 6
			if added != i {
				t.Errorf("got %+v, want %+v", added, i)
			}
			images = append(images, added)
		}
		if got, err := store.Images(t.Context(), run.ID, ""); err != nil || !reflect.DeepEqual(got, images) {
			t.Errorf("all: got %v, %v; want %v", got, err, images)
		}
		if got, err := store.Images(t.Context(), run.ID, "other"); err != nil || !reflect.DeepEqual(got, images[1:]) {
			t.Errorf("one key: got %v, %v", got, err)
		}
		file, err := store.OpenArtifact(t.Context(), images[0].Hash)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(file)
		if err := errors.Join(err, file.Close()); err != nil || string(content) != "pixels" {
			t.Errorf("got %q, %v", content, err)
		}
		for name, bad := range map[string]tracker.Image{
			"no key": {MIME: "image/png"}, "a page": {Key: "x", MIME: "text/html"}, "no type": {Key: "x"}, "negative": {Key: "x", MIME: "image/png", Width: -1},
		} {
			if _, err := store.AddImage(t.Context(), run.ID, bad, strings.NewReader("x")); !errors.Is(err, tracker.ErrInvalid) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})
}

func testConsole(t *testing.T, open func(t *testing.T) tracker.Store) {
	store := open(t)
	run, other := Create(t, store, "console"), Create(t, store, "other")
	at := began.Truncate(time.Millisecond)
	chunks := []tracker.Console{
		{Time: at, Session: 1, Stream: "stdout", Text: "epoch 1\r"},
		{Time: at, Session: 1, Stream: "stderr", Text: "\x1b[31mwarning\x1b[0m\n"},
		{Time: at.Add(time.Second), Session: 2, Stream: "stdout", Text: "epoch 2 \u2588\n"},
	}
	add := func(id string, chunks ...tracker.Console) {
		t.Helper()
		if err := store.AddConsole(t.Context(), id, chunks); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(after int64, want ...tracker.Console) (next int64) {
		t.Helper()
		got, next, err := store.Console(t.Context(), run.ID, after)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("after %d: got %v, %v; want %v", after, got, err, want)
		}
		return next
	}
	if next := expect(0); next != 0 {
		t.Errorf("nothing yet: go on at %d", next)
	}
	add(run.ID, chunks[:2]...)
	add(other.ID, chunks[2])
	next := expect(0, chunks[:2]...)
	if again := expect(next); again != next {
		t.Errorf("nothing new: go on at %d, not %d", again, next)
	}
	add(run.ID, chunks[2])
	expect(next, chunks[2])
	expect(0, chunks...)
	if err := store.AddConsole(t.Context(), run.ID, []tracker.Console{chunks[0], {Stream: "stdin"}}); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	expect(0, chunks...)
}
