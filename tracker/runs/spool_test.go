package runs_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/sqlite"
)

// inOwnFolder gives the test a folder of its own for what is spooled, and returns what lies in it.
func inOwnFolder(t testing.TB) (files func() []string) {
	t.Helper()
	folder := t.TempDir()
	t.Setenv("XDG_STATE_HOME", folder)
	return func() []string {
		found, err := filepath.Glob(filepath.Join(folder, "paperlab", "spool", "*.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
}

// steps are those of a series, in the order of the store.
func steps(t testing.TB, store tracker.Store, run, key string) (steps []int64) {
	t.Helper()
	points, err := store.Points(context.Background(), run, key, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range points {
		steps = append(steps, p.Step)
	}
	return steps
}

func TestWhatAStoreRefusesIsWrittenWhenItWorksAgain(t *testing.T) {
	files := inOwnFolder(t)
	now, feeling := time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC), works
	store, ctx := &moody{open(t), func() mood { return feeling }}, t.Context()
	run, err := runs.Start(ctx, store, runs.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	log := func(step int64) error {
		return run.Log(ctx, step, map[string]float64{"x": float64(step), "nan": math.NaN()})
	}
	everything := func(step int64) map[string]error {
		return map[string]error{
			"Log": log(step), "Text": run.Text(ctx, "t", step, "text"), "SetTag": run.SetTag(ctx, "step", fmt.Sprint(step)),
			"Table":     run.Table(ctx, "t", step, []string{"a", "b", "c"}, [][]any{{1, 2.0, math.Inf(1)}, {nil, "x", true}}),
			"Image":     run.Image(ctx, "i", step, image.NewGray(image.Rect(0, 0, 3, 2)), "gray"),
			"Histogram": run.HistogramCounts(ctx, "h", step, []float64{math.Inf(-1), 0, 1}, []float64{1, 2}),
		}
	}
	expect := func(step int64, want error) {
		t.Helper()
		for name, err := range everything(step) {
			if !errors.Is(err, want) {
				t.Errorf("%s at step %d: got %v", name, step, err)
			}
		}
	}
	expect(1, nil)
	feeling = refuses
	expect(2, runs.ErrSpooled)
	expect(3, tracker.ErrFull) // and says why
	if got := steps(t, store, run.ID(), "x"); len(got) != 1 {
		t.Errorf("the store has steps %v", got)
	}
	feeling = works
	expect(4, runs.ErrSpooled) // the store is left alone for a moment
	now = now.Add(10 * time.Second)
	expect(5, nil)
	if err := run.Finish(ctx, tracker.Finished); err != nil {
		t.Fatal(err)
	}

	for _, key := range []string{"x", "nan"} {
		if got := steps(t, store, run.ID(), key); !reflect.DeepEqual(got, []int64{1, 2, 3, 4, 5}) {
			t.Errorf("%s has steps %v", key, got)
		}
	}
	texts, err1 := store.Texts(ctx, run.ID(), "t")
	tables, err2 := store.Tables(ctx, run.ID(), "t")
	images, err3 := store.Images(ctx, run.ID(), "i")
	histograms, err4 := store.Histograms(ctx, run.ID(), "h")
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	if len(texts) != 5 || len(tables) != 5 || len(images) != 5 || len(histograms) != 5 {
		t.Fatalf("%d texts, %d tables, %d images, %d histograms, want 5 of each", len(texts), len(tables), len(images), len(histograms))
	}
	for i := range 5 {
		if want := int64(i + 1); texts[i].Step != want || tables[i].Step != want || images[i].Step != want || histograms[i].Step != want {
			t.Errorf("order: %v %v %v %v", texts[i], tables[i], images[i], histograms[i])
		}
	}
	if !reflect.DeepEqual(tables[2].Rows, tables[0].Rows) || !reflect.DeepEqual(histograms[2].Edges, histograms[0].Edges) || images[2].Hash != images[0].Hash {
		t.Errorf("what was spooled differs: %v, %v, %v", tables[2], histograms[2], images[2])
	}
	if r := get(t, store, run.ID()).Run; r.Tags["step"] != "5" || r.Status != tracker.Finished {
		t.Errorf("got %+v", r)
	}
	if left := files(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestEverythingArrivesOnceHoweverTheStoreFails(t *testing.T) {
	files := inOwnFolder(t)
	random := rand.New(rand.NewPCG(5, 6))
	now, troubled := time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC), true
	store := &moody{open(t), func() mood {
		if !troubled {
			return works
		}
		return mood(random.IntN(3))
	}}
	troubled = false
	run, err := runs.Start(t.Context(), store, runs.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	troubled = true
	const calls = 300
	spooled := 0
	for step := range int64(calls) {
		now = now.Add(time.Duration(random.IntN(5)) * time.Second)
		err1 := run.LogBatch(t.Context(), []tracker.Sample{
			{Key: "x", Context: "rank=0", Point: tracker.Point{Step: step, Value: 1}}, {Key: "x", Point: tracker.Point{Step: step, Value: 1}},
			{Key: "x", Point: tracker.Point{Step: step, Value: 1}}, // twice the same
		})
		err2 := run.Text(t.Context(), "t", step, "same")
		for _, err := range []error{err1, err2} {
			if err != nil && !errors.Is(err, runs.ErrSpooled) {
				t.Fatal(err)
			}
			if err != nil {
				spooled++
			}
		}
	}
	err = run.Finish(t.Context(), tracker.Finished)
	if err != nil && !errors.Is(err, runs.ErrSpooled) {
		t.Fatal(err)
	}
	troubled = false
	if err := runs.Drain(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	var want []int64
	for step := range int64(calls) {
		want = append(want, step, step)
	}
	if got := steps(t, store, run.ID(), "x"); !reflect.DeepEqual(got, want) {
		t.Errorf("after %d refusals: %d points, want %d, each in its place", spooled, len(got), len(want))
	}
	texts, err := store.Texts(t.Context(), run.ID(), "t")
	if err != nil || len(texts) != calls {
		t.Errorf("%d texts, %v; want %d", len(texts), err, calls)
	}
	if r := get(t, store, run.ID()).Run; r.Status != tracker.Finished {
		t.Errorf("the run is %s", r.Status)
	}
	if left := files(); len(left) != 0 || spooled == 0 {
		t.Errorf("%d refusals, left behind: %v", spooled, left)
	}
}

// refuse plays a program whose store refuses: it starts a run, and prints each step that it has logged and was refused.
func refuse(ctx context.Context, path string, _ []string) error {
	inner, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	feeling := works
	run, err := runs.Start(ctx, &moody{inner, func() mood { return feeling }}, runs.Options{})
	if err != nil {
		return err
	}
	fmt.Println(run.ID())
	feeling = refuses
	for step := int64(0); ; step++ {
		err := run.Log(ctx, step, map[string]float64{"x": 1})
		if err2 := run.Text(ctx, "t", step, "text"); !errors.Is(err, runs.ErrSpooled) || !errors.Is(err2, runs.ErrSpooled) {
			return errors.Join(err, err2)
		}
		fmt.Println(step)
	}
}

// drain plays the next start.
func drain(ctx context.Context, path string, _ []string) error {
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	fmt.Println("begins")
	return errors.Join(runs.Drain(ctx, store), store.Close())
}

// killAt starts a process, waits for so many lines and a random while, kills it, and returns all lines that it printed.
func killAt(t *testing.T, process interface {
	StdoutPipe() (io.ReadCloser, error)
	Start() error
	Wait() error
}, kill func() error, lines int) (printed []string) {
	t.Helper()
	pipe, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(pipe)
	for scanner.Scan() {
		if printed = append(printed, scanner.Text()); len(printed) == lines {
			if err := kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = process.Wait()
	if len(printed) < lines {
		t.Fatalf("it ended by itself after %q", printed)
	}
	return printed
}

func TestWhatAKilledProcessSpooledIsWrittenByTheNextOnce(t *testing.T) {
	files := inOwnFolder(t)
	path := filepath.Join(t.TempDir(), "paperlab.db")
	store := openAt(t, path)
	random := rand.New(rand.NewPCG(7, 8))
	rounds := 3
	if os.Getenv("PAPERLAB_SOAK") != "" {
		rounds = 50
	}
	for range rounds {
		writer := process(t, "refuse", path)
		printed := killAt(t, writer, func() error { return writer.Process.Kill() }, 2+random.IntN(300))
		id, acknowledged := printed[0], len(printed)-1
		if got := steps(t, store, id, "x"); len(got) != 0 {
			t.Fatalf("the store has %d points", len(got))
		}
		// Killed while they drain, as often as it takes one to come to its end.
		for range 4 {
			drainer := process(t, "drain", path)
			killAt(t, drainer, func() error {
				time.AfterFunc(time.Duration(random.IntN(8000))*time.Microsecond, func() { drainer.Process.Kill() })
				return nil
			}, 1)
		}
		if err := runs.Drain(t.Context(), store); err != nil {
			t.Fatal(err)
		}
		// What was being spooled when the kill came may be there too.
		got := steps(t, store, id, "x")
		if len(got) < acknowledged || len(got) > acknowledged+1 {
			t.Fatalf("%d points are there, %d were acknowledged", len(got), acknowledged)
		}
		for i, step := range got {
			if step != int64(i) {
				t.Fatalf("point %d has step %d", i, step)
			}
		}
		texts, err := store.Texts(t.Context(), id, "t")
		if err != nil || len(texts) < acknowledged || len(texts) > acknowledged+1 {
			t.Fatalf("%d texts are there, %v; %d were acknowledged", len(texts), err, acknowledged)
		}
	}
	if left := files(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestALineThatWasCutShortIsPassedOverAndADamagedOneKept(t *testing.T) {
	for _, c := range []struct {
		name, content string
		points        int
		wrong         string
	}{
		{"cut short", spooledLine + `{"samples":[{"key":"x","step":2`, 1, ""},
		{"nothing but the beginning of a line", `{"samp`, 0, ""},
		{"damaged", spooledLine + "garbage\n" + spooledLine, 0, "line 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := inOwnFolder(t)
			store := open(t)
			run := start(t, store, runs.Options{})
			path := filepath.Join(filepath.Dir(files()[0]), run.ID()+"-01k0z6v8mhk2t6gq6v0wz3n5tb.jsonl")
			if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			err := runs.Drain(t.Context(), store)
			if c.wrong == "" && err != nil || c.wrong != "" && (!errors.Is(err, tracker.ErrCorrupt) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.wrong)) {
				t.Errorf("got %v", err)
			}
			if got := steps(t, store, run.ID(), "x"); len(got) != c.points {
				t.Errorf("%d points, want %d", len(got), c.points)
			}
			if _, err := os.Stat(path); (err == nil) != (c.wrong != "") {
				t.Errorf("the file: %v", err)
			}
		})
	}
}

const spooledLine = `{"samples":[{"key":"x","step":1,"time":1700000000000,"session":1,"value":"NaN"}]}` + "\n"

func TestFilesOfOtherStoresAreLeftToThem(t *testing.T) {
	files := inOwnFolder(t)
	mine, other := open(t), open(t)
	run := start(t, other, runs.Options{})
	path := filepath.Join(filepath.Dir(files()[0]), run.ID()+"-01k0z6v8mhk2t6gq6v0wz3n5tb.jsonl")
	if err := os.WriteFile(path, []byte(spooledLine), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := runs.Drain(t.Context(), mine); err != nil {
		t.Fatal(err)
	}
	attached, err := runs.Attach(t.Context(), other, run.ID())
	if err != nil {
		t.Fatal(err)
	}
	if err := attached.Log(t.Context(), 2, map[string]float64{"x": 1}); err != nil {
		t.Fatal(err)
	}
	if got := steps(t, other, run.ID(), "x"); !reflect.DeepEqual(got, []int64{1, 2}) {
		t.Errorf("steps %v", got)
	}
}

func TestAFolderInWhichOthersWriteIsNotUsed(t *testing.T) {
	files := inOwnFolder(t)
	state, temporary := os.Getenv("XDG_STATE_HOME"), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	spool := filepath.Join(state, "paperlab", "spool")
	if err := errors.Join(os.MkdirAll(spool, 0o700), os.Chmod(spool, 0o777)); err != nil {
		t.Fatal(err)
	}
	feeling := works
	run := start(t, &moody{open(t), func() mood { return feeling }}, runs.Options{})
	feeling = refuses
	err := run.Log(t.Context(), 1, map[string]float64{"x": 1})
	feeling = works
	if !errors.Is(err, runs.ErrSpooled) || len(files()) != 0 {
		t.Errorf("got %v; %v", err, files())
	}
	if elsewhere, err := filepath.Glob(filepath.Join(temporary, "*", "*.jsonl")); err != nil || len(elsewhere) != 1 {
		t.Errorf("among temporary files: %v, %v", elsewhere, err)
	}
}

func TestWhereNothingWaitsNothingIsMade(t *testing.T) {
	inOwnFolder(t)
	if err := runs.Drain(t.Context(), open(t)); err != nil {
		t.Fatal(err)
	}
	if made, err := os.ReadDir(os.Getenv("XDG_STATE_HOME")); err != nil || len(made) != 0 {
		t.Errorf("made %v, %v", made, err)
	}
}
