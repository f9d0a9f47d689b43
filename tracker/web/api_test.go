package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/web"
)

// api is the dashboard's API over a store, without a network.
type api struct {
	t       testing.TB
	handler http.Handler
}

func newAPI(t testing.TB, store tracker.Store, change func(*web.Options)) api {
	options := web.Options{Clock: func() time.Time { return now }}
	if change != nil {
		change(&options)
	}
	return api{t, web.Handler(store, options)}
}

func (a api) do(method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	return w
}

// get returns what a path answers with, which has to be this status, as an object.
func (a api) get(status int, path string, parameters ...string) map[string]any {
	a.t.Helper()
	q := url.Values{}
	for i := 0; i < len(parameters); i += 2 {
		q.Add(parameters[i], parameters[i+1])
	}
	w := a.do("GET", path+"?"+q.Encode(), "")
	var object map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &object); err != nil || w.Code != status {
		a.t.Fatalf("%s: %d, %v in %.200s", path, w.Code, err, w.Body)
	}
	return object
}

// at takes an object apart: at(o, "runs", 0, "name").
func at(v any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			v = v.(map[string]any)[key]
		case int:
			v = v.([]any)[key]
		}
	}
	return v
}

func TestTableOfRuns(t *testing.T) {
	store, _ := newStore(t)
	study(t, store)
	a := newAPI(t, store, nil)
	for name, c := range map[string]struct {
		parameters []string
		matched    float64
		first      string
	}{
		"all, the newest first": {nil, 12, "t5-lr0.001-seed2"},
		"a filter":              {[]string{"filter", `params.lr < 1e-4 && params.seed == 2`}, 3, "t5-lr5e-05-seed2"},
		"a filter of a status":  {[]string{"filter", `status == "crashed"`}, 1, "t5-lr0.001-seed1"},
		"sorted":                {[]string{"sort", `min("eval/loss")`}, 12, "t5-lr0.0001-seed1"},
		"sorted, falling":       {[]string{"sort", `-name`}, 12, "t5-lr5e-05-seed2"},
		"nothing":               {[]string{"filter", `name == "x"`}, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			table := newAPI(t, store, nil).get(200, "/api/runs", c.parameters...)
			first := ""
			if c.matched > 0 {
				first = at(table, "runs", 0, "name").(string)
			}
			if table["total"] != 12.0 || table["matched"] != c.matched || first != c.first {
				t.Errorf("got %v of %v, the first %q", table["matched"], table["total"], first)
			}
		})
	}
	table := a.get(200, "/api/runs", "columns", `params.lr as rate, last("train/loss"), started, duration`, "limit", "1", "run", id(3))
	row, _ := json.Marshal(at(table, "runs", 0, "values"))
	if string(row) != `[0.001,"NaN","2026-03-10T23:09:26.000Z",2460]` {
		t.Errorf("values: %s", row)
	}
	if columns, _ := json.Marshal(at(table, "columns", 0)); string(columns) != `{"expression":"params.lr","kind":"number","number":true,"title":"rate"}` {
		t.Errorf("columns: %s", columns)
	}
	if len(table["newest"].([]any)) != 10 || at(table, "chosen", 0, "id") != id(3) {
		t.Errorf("newest %v, chosen %v", table["newest"], table["chosen"])
	}
}

func TestTableInGroups(t *testing.T) {
	store, _ := newStore(t)
	study(t, store)
	table := newAPI(t, store, nil).get(200, "/api/runs", "group", "params.lr", "columns", `params.seed, name`, "limit", "3")
	if groups := table["groups"].([]any); len(groups) != 6 || at(groups, 0, "label") != "lr 0.001" || at(groups, 0, "count") != 2.0 {
		t.Fatalf("groups: %v", groups)
	}
	spread := at(table, "groups", 0, "means", 0)
	if at(spread, "mean") != 1.5 || at(spread, "min") != 1.0 || at(spread, "max") != 2.0 || at(table, "groups", 0, "means", 1) != nil {
		t.Errorf("means: %v", at(table, "groups", 0, "means"))
	}
	if runs := table["runs"].([]any); len(runs) != 3 || at(runs, 2, "group") != 1.0 {
		t.Errorf("runs: %v", runs)
	}
}

func TestWhatIsWrongIsSaidWithItsPlace(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "run", nil)
	a := newAPI(t, store, nil)
	for name, c := range map[string]struct {
		path, parameter, value string
		status                 int
		field                  any
		column                 any
	}{
		"a filter":      {"/api/runs", "filter", "params.lr = 1", 400, "filter", 11.0},
		"a sort":        {"/api/runs", "sort", "name, nonsense", 400, "sort", 7.0},
		"columns":       {"/api/runs", "columns", `last(`, 400, "columns", nil},
		"a group":       {"/api/runs", "group", "||", 400, "group", nil},
		"a run":         {"/api/runs/" + id(9), "", "", 404, nil, nil},
		"no run":        {"/api/runs/nonsense", "", "", 404, nil, nil},
		"a file":        {"/api/runs/" + run.ID + "/files/0123", "", "", 404, nil, nil},
		"an address":    {"/api/nonsense", "", "", 404, nil, nil},
		"a figure":      {"/api/figure.png", "key", "loss", 404, nil, nil},
		"runs compared": {"/api/compare", "run", id(9), 404, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.get(c.status, c.path, c.parameter, c.value)
			if got["error"] == "" || got["field"] != c.field || c.column != nil && got["column"] != c.column {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestPointsAreThinnedWithoutLosingSpikes(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "run", nil)
	logSeries(t, store, run, "loss", 10000, 1, func(step float64) float64 {
		switch step {
		case 4321:
			return 1000
		case 4322:
			return -1000
		case 7000:
			return math.NaN()
		case 7001:
			return math.Inf(1)
		}
		return 1
	})
	a := newAPI(t, store, nil)
	series := at(a.get(200, "/api/points", "key", "loss", "run", run.ID, "buckets", "100"), "series", 0)
	steps, lows, tops := at(series, "steps").([]any), at(series, "min").([]any), at(series, "max").([]any)
	if n := len(steps); n < 100 || n > 110 || steps[0] != 1.0 || steps[n-1] != 10000.0 {
		t.Errorf("%d buckets from %v to %v", n, steps[0], steps[n-1])
	}
	low, top, count := 0.0, 0.0, 0.0
	for i := range lows {
		low, top, count = min(low, lows[i].(float64)), max(top, tops[i].(float64)), count+at(series, "counts", i).(float64)
	}
	if low != -1000 || top != 1000 || count != 9998 {
		t.Errorf("from %v to %v, %v finite points", low, top, count)
	}
	if odd := fmt.Sprint(at(series, "odd")); !strings.Contains(odd, "NaN") || !strings.Contains(odd, "Infinity") {
		t.Errorf("odd: %v", odd)
	}
	part := at(a.get(200, "/api/points", "key", "loss", "run", run.ID, "from", "4320", "to", "4323"), "series", 0)
	if fmt.Sprint(at(part, "steps"), at(part, "mean"), at(part, "min")) != "[4320 4321 4322 4323] [1 1000 -1000 1] <nil>" {
		t.Errorf("a part: %v", part)
	}
	early := at(a.get(200, "/api/points", "key", "loss", "run", run.ID, "buckets", "100", "log", "1"), "series", 0, "steps").([]any)
	if fmt.Sprint(early[:6]) != "[1 2 3 4 5 6]" {
		t.Errorf("on a logarithmic axis the first steps are %v", early[:6])
	}
}

func TestAResumedRunShowsItsNewerPoints(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "run", func(r *tracker.Run) { r.Session = 2 })
	for session, value := range map[int64]float64{1: 1, 2: 2} {
		for step := session * 2; step < 6; step++ {
			must(t, store.Log(t.Context(), run.ID, []tracker.Sample{{Key: "loss", Context: "rank=0", Point: tracker.Point{Step: step, Time: now, Session: session, Value: value}}}))
		}
	}
	series := at(newAPI(t, store, nil).get(200, "/api/points", "key", "loss", "run", run.ID), "series", 0)
	if fmt.Sprintln(at(series, "steps"), at(series, "mean"), at(series, "context")) != "[2 3 4 5] [1 1 2 2] rank=0\n" {
		t.Errorf("got %v", series)
	}
}

func TestEverythingOfARun(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "run", func(r *tracker.Run) { r.Params["odd"] = math.Inf(-1) })
	logSeries(t, store, run, "rouge/rouge1", 5, 160, math.Sqrt)
	detail(t, store, run)
	a := newAPI(t, store, nil)
	object := a.get(200, "/api/runs/"+run.ID)
	if at(object, "params", "odd") != "-Infinity" || at(object, "source", "commit") != "8f3c2a91d0e4b7756a1c" || at(object, "machine", "env", "libtorch") != "2.1.2" || len(at(object, "artifacts").([]any)) != 2 {
		t.Errorf("got %v", object)
	}
	for path, want := range map[string]string{
		"/texts?key=source/cell": `"body":"result, err := train.Fit(ctx, task, config)"`,
		"/tables":                `"rows":[["1706.03762",`,
		"/images":                `"caption":"layer 3, head 5"`,
		"/histograms":            `"edges":[-1,-0.95`,
		"/console":               `"epoch 1 100%"`,
		"/console.txt":           "eval loss 2.31, rouge1 0.389\nepoch 2 100%\n",
	} {
		if body := a.do("GET", "/api/runs/"+run.ID+path, "").Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s: %.300s", path, body)
		}
	}
	if compared := a.get(200, "/api/compare", "run", run.ID); at(compared, "runs", 0, "source", "diff") != nil {
		t.Error("a comparison carries the diff")
	}
}

func TestRunsAreEdited(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "run", func(r *tracker.Run) { r.Tags["old"] = "1" })
	alive := addRun(t, store, 2, "alive", func(r *tracker.Run) {
		r.Status, r.Ended, r.Owner, r.Heartbeat = tracker.Running, time.Time{}, &tracker.Owner{PID: 1, Boot: "elsewhere"}, time.Now()
	})
	a := newAPI(t, store, nil)
	patch := func(id, body string) int { return a.do("PATCH", "/api/runs/"+id, body).Code }
	for name, c := range map[string]struct {
		id, body string
		want     int
	}{
		"notes and tags":              {run.ID, `{"notes":"good","tags":{"best":"yes","old":null},"name":"renamed"}`, 200},
		"what cannot be edited":       {run.ID, `{"status":"finished"}`, 400},
		"no JSON":                     {run.ID, `notes=x`, 400},
		"a bad key":                   {run.ID, `{"tags":{"a\nb":"x"}}`, 400},
		"a run that is not there":     {id(9), `{"notes":"x"}`, 404},
		"a run whose program goes on": {alive.ID, `{"deleted":true}`, 409},
	} {
		if got := patch(c.id, c.body); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	r := httptest.NewRequest("PATCH", "/api/runs/"+run.ID, strings.NewReader(`{"notes":"from a form"}`))
	r.Header.Set("Content-Type", "text/plain")
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	kept, err := store.Run(t.Context(), run.ID)
	must(t, err)
	if w.Code != 400 || kept.Notes != "good" || kept.Name != "renamed" || fmt.Sprint(kept.Tags) != "map[best:yes]" {
		t.Errorf("kept %q %q %v (%d)", kept.Name, kept.Notes, kept.Tags, w.Code)
	}
	if patch(run.ID, `{"deleted":true}`) != 200 || a.get(200, "/api/runs")["total"] != 1.0 || a.get(200, "/api/runs", "bin", "1")["total"] != 1.0 {
		t.Error("the run is not in the bin")
	}
	if patch(run.ID, `{"deleted":false}`) != 200 || a.get(200, "/api/runs")["total"] != 2.0 {
		t.Error("the run is not back")
	}
}

func TestDownloads(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "run", nil)
	logSeries(t, store, run, "train/loss", 2, 1, func(step float64) float64 { return 1 / step })
	logSeries(t, store, run, "other", 2, 1, math.Sqrt)
	var asked web.Figure
	a := newAPI(t, store, func(o *web.Options) { o.Figure = draw(&asked) })
	csv := a.do("GET", "/api/points.csv?key=train/loss&run="+run.ID, "")
	if want := "run,key,context,session,step,time,value\n" + run.ID + ",train/loss,,1,1,2026-03-10T12:09:29Z,1\n" + run.ID + ",train/loss,,1,2,2026-03-10T12:09:32Z,0.5\n"; csv.Body.String() != want {
		t.Errorf("got\n%s", csv.Body)
	}
	if name := csv.Header().Get("Content-Disposition"); name != "attachment; filename=train-loss.csv" {
		t.Error(name)
	}
	figure := a.do("GET", "/api/figure.svg?key=train/loss&smoothing=0.6&epochs=1&logy=1&group=params.lr&run="+run.ID, "")
	want := web.Figure{Format: "svg", Key: "train/loss", Runs: []string{run.ID}, Group: "params.lr", Smoothing: 0.6, Epochs: true, LogY: true}
	if figure.Body.String() != "drawn" || figure.Header().Get("Content-Type") != "image/svg+xml" || fmt.Sprint(asked) != fmt.Sprint(want) {
		t.Errorf("got %q for %+v", figure.Body, asked)
	}
	if w := a.do("GET", "/api/figure.png?key=x&smoothing=high", ""); w.Code != 400 {
		t.Errorf("got %d", w.Code)
	}
}

func TestThePageIsKeptByItsHash(t *testing.T) {
	store, _ := newStore(t)
	a := newAPI(t, store, nil)
	first := a.do("GET", "/page/js/main.js", "")
	again := httptest.NewRequest("GET", "/page/js/main.js", nil)
	again.Header.Set("If-None-Match", first.Header().Get("ETag"))
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, again)
	if first.Code != 200 || w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("got %d, then %d", first.Code, w.Code)
	}
	for _, path := range []string{"/page/js/missing.js", "/page/index.html", "/page/../handler.go", "/nonsense"} {
		if w := a.do("GET", path, ""); w.Code == 200 {
			t.Errorf("%s is served", path)
		}
	}
}

// draw is a Figure function that notes what was asked for.
func draw(asked *web.Figure) func(ctx context.Context, w io.Writer, f web.Figure) error {
	return func(_ context.Context, w io.Writer, f web.Figure) error {
		*asked = f
		_, err := io.WriteString(w, "drawn")
		return err
	}
}

func TestTheFirstColumnsAreOfParametersWithSeveralValues(t *testing.T) {
	store, _ := newStore(t)
	for n, params := range []map[string]any{{"a": int64(1), "lr": 1e-4}, {"a": int64(1), "lr": 1e-3}, {"z": "once"}} {
		addRun(t, store, n+1, "run", func(r *tracker.Run) { r.Params = params })
	}
	table := newAPI(t, store, nil).get(200, "/api/runs")
	var titles []string
	for i := range at(table, "columns").([]any) {
		titles = append(titles, at(table, "columns", i, "title").(string))
	}
	if !slices.Equal(titles, []string{"params.lr", "params.a", "params.z"}) {
		t.Errorf("got %q", titles)
	}
}
