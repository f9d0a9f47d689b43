package jsonlines_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
	"paperlab/tracker/jsonlines"
	"paperlab/tracker/postgres"
	"paperlab/tracker/postgres/pgtest"
	"paperlab/tracker/storetest"
)

var at = time.Date(2026, 3, 4, 5, 6, 7, 8e6, time.UTC)

// fill makes a run with everything that a run may have.
func fill(t *testing.T, store tracker.Store) *tracker.Run {
	t.Helper()
	ctx := t.Context()
	run := storetest.NewRun(t, `of "two" <é>`)
	run.Group, run.Status, run.Ended, run.Heartbeat, run.Session = "seeds", tracker.Crashed, at.Add(time.Hour), at.Add(time.Minute), 2
	run.Owner = &tracker.Owner{PID: 7, Born: math.MaxUint64, Boot: "a boot"}
	run.Params = tracker.Params{
		"int": int64(math.MaxInt64), "float": 2.0, "tiny": 5e-324, "nan": math.NaN(), "infinite": math.Inf(-1), "text": "NaN", "bool": true,
		"null": nil, "list": []any{1.0, "a"}, "object": map[string]any{"float": "a text"},
	}
	run.Tags, run.Notes = map[string]string{"best": "yes"}, "line 1\nline 2"
	run.Source = tracker.Source{Command: "paperlab train", Dir: "/tmp", Commit: "abc", Diff: "+x"}
	run.Machine = tracker.Machine{Host: "h", CPU: "c", GPU: "g", Env: map[string]string{"go": "1.26"}}
	big := bytes.Repeat([]byte("0123456789"), 20_000)
	image := tracker.Image{Key: "plot", Step: 1, Time: at, Session: 1, MIME: "image/png", Width: 2, Height: 3, Caption: "a plot"}
	_, errImage := storeOf(t, store, run).AddImage(ctx, run.ID, image, bytes.NewReader(big[:100]))
	_, errArtifact := store.SaveArtifact(ctx, run.ID, "model/weights.bin", at, bytes.NewReader(big))
	_, errEmpty := store.SaveArtifact(ctx, run.ID, "empty", at, strings.NewReader(""))
	err := errors.Join(errImage, errArtifact, errEmpty,
		store.Log(ctx, run.ID, append(storetest.Samples("train/loss", 0.1, math.NaN(), math.Inf(1)), []tracker.Sample{
			{Key: "train/loss", Point: tracker.Point{Step: 1, Time: at, Session: 2, Value: 1e300}},
			{Key: "train/loss", Point: tracker.Point{Step: 1, Time: at, Session: 2, Value: -0.5}},
			{Key: "a \"key\" <b>", Context: "rank=1", Point: tracker.Point{Step: math.MinInt64, Time: at, Session: 1, Value: 3}},
		}...)),
		store.AddText(ctx, run.ID, tracker.Text{Key: "summary", Step: 3, Time: at, Session: 1, Body: "a <paper>\u2028"}),
		store.AddTable(ctx, run.ID, tracker.Table{Key: "samples", Step: 3, Time: at, Session: 1, Columns: []string{"a", "b"},
			Rows: [][]any{{int64(1), 1.0}, {math.NaN(), "x"}, {nil, true}}}),
		store.AddHistogram(ctx, run.ID, tracker.Histogram{Key: "weights", Step: 3, Time: at, Session: 1,
			Edges: []float64{math.Inf(-1), 0, 1}, Counts: []float64{1, 2}}),
		store.AddConsole(ctx, run.ID, []tracker.Console{{Time: at, Session: 1, Stream: "stderr", Text: "\r 50%"}}),
	)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// storeOf creates the run in the store.
func storeOf(t *testing.T, store tracker.Store, run *tracker.Run) tracker.Store {
	t.Helper()
	if err := store.CreateRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	return store
}

func write(t *testing.T, store tracker.Store, ids ...string) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := jsonlines.Write(t.Context(), store, &out, ids...); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// read gives what was added of each run.
func read(t *testing.T, store tracker.Store, text string) (added []ingest.Added, err error) {
	t.Helper()
	err = jsonlines.Read(t.Context(), store, strings.NewReader(text), func(run *ingest.Run) { added = append(added, run.Added()) })
	return added, err
}

func TestARunComesBackAsItWas(t *testing.T) {
	from, to := storetest.New(t), storetest.New(t)
	first, second := fill(t, from), storetest.Create(t, from, "second")
	text := write(t, from, first.ID, second.ID)
	added, err := read(t, to, text)
	if want := []ingest.Added{{Points: 6, Others: 7}, {}}; err != nil || !reflect.DeepEqual(added, want) {
		t.Fatalf("added %+v, %v; want %+v", added, err, want)
	}
	if again := write(t, to, first.ID, second.ID); again != text {
		t.Errorf("exported again\n%.3000s\nwant\n%.3000s", again, text)
	}
	want, err1 := from.Series(t.Context(), first.ID)
	got, err2 := to.Series(t.Context(), first.ID)
	if err := errors.Join(err1, err2); err != nil || len(got) != len(want) || got[0].Last != want[0].Last || got[1].Count != want[1].Count {
		t.Errorf("series %+v, %v; want %+v", got, err, want)
	}
}

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestARunMovesFromSQLiteToPostgreSQL(t *testing.T) {
	from := storetest.New(t)
	to, err := postgres.Open(t.Context(), pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	run := fill(t, from)
	text := write(t, from, run.ID)
	for range 2 {
		if _, err := read(t, to, text); err != nil {
			t.Fatal(err)
		}
		if again := write(t, to, run.ID); again != text {
			t.Errorf("got\n%.3000s\nwant\n%.3000s", again, text)
		}
	}
}

func TestWhatIsThereIsNotAddedAgain(t *testing.T) {
	store := storetest.New(t)
	run := fill(t, store)
	text := write(t, store, run.ID)
	if added, err := read(t, store, text); err != nil || added[0] != (ingest.Added{}) {
		t.Errorf("added %+v, %v", added, err)
	}
	if again := write(t, store, run.ID); again != text {
		t.Error("importing a run where it came from changed it")
	}
}

func TestAnImportThatBrokeOffIsCompleted(t *testing.T) {
	from, to := storetest.New(t), storetest.New(t)
	run := fill(t, from)
	text := write(t, from, run.ID)
	lines := strings.SplitAfter(text, "\n")
	for n := range lines {
		if n == len(lines)-1 {
			break
		}
		if _, err := read(t, to, strings.Join(lines[:n], "")); n > 0 && !errors.Is(err, tracker.ErrCorrupt) {
			t.Fatalf("the first %d lines: %v", n, err)
		}
	}
	if _, err := read(t, to, text); err != nil {
		t.Fatal(err)
	}
	if again := write(t, to, run.ID); again != text {
		t.Errorf("got\n%.2000s\nwant\n%.2000s", again, text)
	}
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	store := storetest.New(t)
	run := storetest.Create(t, store, "x")
	text := write(t, store, run.ID)
	begin, _, _ := strings.Cut(text, "\n")
	for in, want := range map[string]string{
		"nonsense":           "line 1: invalid JSON",
		`{"type":"point"}`:   `line 1: invalid: a line of type "point" before one of type "run"`,
		begin:                "line 2: damaged: the file ends within run " + run.ID,
		begin + "\n" + begin: "line 2: damaged: a run begins before run",
		begin + "\n\n" + `{"type":"point","key":"a","session":1,"value":"high"}`:                                           "line 3: invalid JSON: \"high\" is no number",
		begin + "\n" + `{"type":"end","points":3}`:                                                                         "line 2: damaged: run " + run.ID + " has 0 points, its end says 3",
		begin + "\n" + `{"type":"artifact","name":"a","size":5}` + "\n" + `{"type":"end"}`:                                 `line 3:`,
		begin + "\n" + `{"type":"artifact","name":"a","sha256":"00","size":1}` + "\n" + `{"type":"content","data":"AA=="}`: "line 3: damaged content of a: its hash is",
	} {
		if _, err := read(t, store, in); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s:\ngot  %v\nwant %s", in, err, want)
		}
	}
	if _, err := read(t, store, begin+"\n"+`{"type":"of another version"}`+"\n"+`{"type":"end"}`+"\n"); err != nil {
		t.Errorf("a line of an unknown type: %v", err)
	}
	if err := jsonlines.Read(t.Context(), store, strings.NewReader(""), nil); err != nil {
		t.Errorf("an empty file: %v", err)
	}
}

func TestARunThatIsMissingIsAnError(t *testing.T) {
	if _, err := jsonlines.Write(t.Context(), storetest.New(t), &bytes.Buffer{}, "01m891em0epd5sn276fdacgq8d"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	store := storetest.New(f)
	f.Add(`{"type":"run","id":"01m891em0epd5sn276fdacgq8d","status":"running","session":1,"params":{"a":{"float":"NaN"}}}` + "\n" +
		`{"type":"point","key":"a","session":1,"step":1,"time":"2026-03-04T05:06:07Z","value":"NaN"}` + "\n" +
		`{"type":"table","key":"a","session":1,"columns":["a"],"rows":[[1.0],[{"float":"NaN"}]]}` + "\n" + `{"type":"end","points":1}`)
	f.Add(`{"type":"run","id":"01m891em0epd5sn276fdacgq8e","status":"failed","session":1}` + "\n" +
		`{"type":"image","key":"a","mime":"image/png","size":1}` + "\n" + `{"type":"content","data":"AA=="}` + "\n" +
		`{"type":"histogram","key":"a","session":1,"edges":[1,2],"counts":["Infinity"]}` + "\n" + `{"type":"console","stream":"stdout","text":"x"}`)
	f.Fuzz(func(t *testing.T, text string) {
		// It is read or refused; a run that was read can be written.
		err := jsonlines.Read(t.Context(), store, strings.NewReader(text), func(run *ingest.Run) {
			if _, err := jsonlines.Write(t.Context(), store, &bytes.Buffer{}, run.ID()); err != nil {
				t.Error(err)
			}
		})
		if err != nil && !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("got %v", err)
		}
	})
}
