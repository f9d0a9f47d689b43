package mlflow_test

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"paperlab/peers"
	"paperlab/tracker"
	"paperlab/tracker/mlflow"
	"paperlab/tracker/postgres"
	"paperlab/tracker/postgres/pgtest"
	"paperlab/tracker/storetest"
)

// openServer opens a new store on a PostgreSQL server.
func openServer(t testing.TB) tracker.Store {
	t.Helper()
	store, err := postgres.Open(t.Context(), pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// serve serves the store until the test ends.
func serve(t testing.TB, store tracker.Store) (url string) {
	t.Helper()
	server := httptest.NewServer(mlflow.Handler(store, time.Now, rand.Reader))
	t.Cleanup(server.Close)
	return server.URL
}

func TestMLflowsClientsWorkAsWithTheirOwnServer(t *testing.T) {
	for name, c := range map[string]struct {
		environment peers.Environment
		open        func(testing.TB) tracker.Store
	}{
		"3.x on SQLite":     {peers.Tracker, storetest.New},
		"2.x on SQLite":     {peers.MLflow2, storetest.New},
		"3.x on PostgreSQL": {peers.Tracker, openServer},
	} {
		t.Run(name, func(t *testing.T) {
			store := c.open(t)
			var made struct{ Experiment, First, Child, Second, Failed string }
			out := peers.Run(t, c.environment, "testdata/client.py", serve(t, store))
			if err := json.Unmarshal([]byte(out[strings.LastIndex(strings.TrimSpace(out), "\n")+1:]), &made); err != nil {
				t.Fatal(err, out)
			}
			first, err := store.Run(t.Context(), made.First)
			if err != nil {
				t.Fatal(err)
			}
			params := tracker.Params{"lr": 5e-5, "model": "t5", "epochs": int64(3), "fp16": true, "warmup": 0.0, "text": "0123", "steps": 1e6,
				"none": "None", "list": "[1, 2]"}
			if !reflect.DeepEqual(first.Params, params) || first.Notes != "a **note**" || first.Project != "all papers" ||
				first.Owner != nil || first.Status != tracker.Finished || first.Source.Command == "" {
				t.Errorf("got %+v", first)
			}
			child, err := store.Run(t.Context(), made.Child)
			if err != nil || child.Parent != made.First {
				t.Errorf("got %+v, %v", child, err)
			}
			if failed, err := store.Run(t.Context(), made.Failed); err != nil || failed.Project != "default" || failed.Status != tracker.Failed {
				t.Errorf("got %+v, %v", failed, err)
			}
			if burst, err := store.Points(t.Context(), made.Second, "burst", ""); err != nil || len(burst) != 3000 || burst[2999].Value != 999 {
				t.Errorf("%d points, %v", len(burst), err)
			}
		})
	}
}

// call sends a JSON request and returns the answer with its status.
func call(t *testing.T, method, url, body string) (status int, answer map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%s %s answered %d %q", method, url, response.StatusCode, text)
	}
	return response.StatusCode, answer
}

func TestRunsOfOursAreShownAsMLflowHasThem(t *testing.T) {
	store := storetest.New(t)
	run := storetest.NewRun(t, "ours")
	run.Status, run.Params, run.Notes = tracker.Crashed, tracker.Params{"lr": 1.0, "debug": false, "none": nil, "sizes": []any{1.0, 2.5}}, "a note"
	run.Source.Commit = "abc"
	if err := store.CreateRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	samples := storetest.Samples("eval/loss", 2, 1)
	samples[1].Context = "rank=1"
	if err := store.Log(t.Context(), run.ID, samples); err != nil {
		t.Fatal(err)
	}
	_, answer := call(t, "GET", serve(t, store)+"/api/2.0/mlflow/runs/get?run_uuid="+run.ID, "")
	got := answer["run"].(map[string]any)
	info, data := got["info"].(map[string]any), got["data"].(map[string]any)
	if info["status"] != "FAILED" || info["experiment_id"] != "0" || info["artifact_uri"] != "mlflow-artifacts:/0/"+run.ID+"/artifacts" {
		t.Errorf("got %v", info)
	}
	text := func(pairs any) string {
		all := ""
		for _, p := range pairs.([]any) {
			p := p.(map[string]any)
			all += p["key"].(string) + "=" + strings.TrimSpace(strings.Trim(string(must(json.Marshal(p["value"]))), `"`)) + ";"
		}
		return all
	}
	if got, want := text(data["params"]), "debug=False;lr=1.0;none=None;sizes=[1,2.5];"; got != want {
		t.Errorf("parameters: got %s, want %s", got, want)
	}
	if got, want := text(data["tags"]), "mlflow.note.content=a note;mlflow.runName=ours;mlflow.source.git.commit=abc;"; got != want {
		t.Errorf("tags: got %s, want %s", got, want)
	}
	if got, want := text(data["metrics"]), "eval/loss=2;eval/loss{rank=1}=1;"; got != want {
		t.Errorf("metrics: got %s, want %s", got, want)
	}
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}

func TestRequestsThatAreRefused(t *testing.T) {
	store := storetest.New(t)
	run := storetest.Create(t, store, "x")
	url := serve(t, store)
	repeat := func(item string, n int) string {
		return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
	}
	const metric, pair = `{"key":"a","value":1,"timestamp":1}`, `{"key":"a","value":"1"}`
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		code               string
	}{
		"no JSON":             {"POST", "runs/create", "x", 400, "BAD_REQUEST"},
		"too long":            {"POST", "runs/create", `"` + strings.Repeat("x", 9<<20), 400, "INVALID_PARAMETER_VALUE"},
		"nothing given":       {"POST", "runs/set-tag", "{}", 400, "INVALID_PARAMETER_VALUE"},
		"no such call":        {"POST", "traces/start", "{}", 404, "ENDPOINT_NOT_FOUND"},
		"no such run":         {"GET", "runs/get?run_id=x", "", 404, "RESOURCE_DOES_NOT_EXIST"},
		"no such experiment":  {"POST", "runs/create", `{"experiment_id":"77"}`, 404, "RESOURCE_DOES_NOT_EXIST"},
		"a bad experiment":    {"POST", "runs/create", `{"experiment_id":"x"}`, 400, "INVALID_PARAMETER_VALUE"},
		"a bad status":        {"POST", "runs/update", `{"run_id":"RUN","status":"DONE"}`, 400, "INVALID_PARAMETER_VALUE"},
		"a bad page":          {"POST", "runs/search", `{"experiment_ids":["0"],"page_token":"x"}`, 400, "INVALID_PARAMETER_VALUE"},
		"too many results":    {"POST", "runs/search", `{"experiment_ids":["0"],"max_results":50001}`, 400, "INVALID_PARAMETER_VALUE"},
		"1,001 metrics":       {"POST", "runs/log-batch", `{"run_id":"RUN","metrics":` + repeat(metric, 1001) + `}`, 400, "INVALID_PARAMETER_VALUE"},
		"101 parameters":      {"POST", "runs/log-batch", `{"run_id":"RUN","params":` + repeat(pair, 101) + `}`, 400, "INVALID_PARAMETER_VALUE"},
		"101 tags":            {"POST", "runs/log-batch", `{"run_id":"RUN","tags":` + repeat(pair, 101) + `}`, 400, "INVALID_PARAMETER_VALUE"},
		"1,001 in all":        {"POST", "runs/log-batch", `{"run_id":"RUN","metrics":` + repeat(metric, 950) + `,"params":` + repeat(pair, 51) + `}`, 400, "INVALID_PARAMETER_VALUE"},
		"more than a million": {"POST", "runs/log-batch", `{"run_id":"RUN","tags":[{"key":"a","value":"` + strings.Repeat("x", 1_000_000) + `"}]}`, 400, "INVALID_PARAMETER_VALUE"},
		"a metric of nothing": {"POST", "runs/log-metric", `{"run_id":"RUN","key":"a","timestamp":1}`, 400, "INVALID_PARAMETER_VALUE"},
		"out of the folder":   {"PUT", "../mlflow-artifacts/artifacts/0/RUN/artifacts/%2e%2e%2fx", "x", 400, "INVALID_PARAMETER_VALUE"},
		"no folder of ours":   {"PUT", "../mlflow-artifacts/artifacts/x", "x", 400, "INVALID_PARAMETER_VALUE"},
		"no such file":        {"GET", "../mlflow-artifacts/artifacts/0/RUN/artifacts/x", "", 404, "RESOURCE_DOES_NOT_EXIST"},
	} {
		path := strings.ReplaceAll(c.path, "RUN", run.ID)
		address := url + "/api/2.0/mlflow/" + path
		if rest, ok := strings.CutPrefix(path, "../"); ok {
			address = url + "/api/2.0/" + rest
		}
		status, answer := call(t, c.method, address, strings.ReplaceAll(c.body, "RUN", run.ID))
		if status != c.status || answer["error_code"] != c.code || answer["message"] == "" {
			t.Errorf("%s: got %d %v", name, status, answer)
		}
	}
	if summary, err := store.Series(t.Context(), run.ID); err != nil || len(summary) != 0 {
		t.Errorf("kept %v, %v", summary, err)
	}
}

func TestHistoryComesInPagesAndThinnedOut(t *testing.T) {
	store := storetest.New(t)
	run := storetest.Create(t, store, "x")
	values := make([]float64, 10_000)
	values[5_000] = 1e9
	if err := store.Log(t.Context(), run.ID, storetest.Samples("loss", values...)); err != nil {
		t.Fatal(err)
	}
	url := serve(t, store) + "/api/2.0/mlflow/metrics/"
	total, token := 0, ""
	for {
		_, answer := call(t, "GET", url+"get-history?run_id="+run.ID+"&metric_key=loss&max_results=3000&page_token="+token, "")
		total += len(answer["metrics"].([]any))
		next, more := answer["next_page_token"].(string)
		if !more {
			break
		}
		token = next
	}
	if total != len(values) {
		t.Errorf("%d points in pages", total)
	}
	_, answer := call(t, "GET", url+"get-history-bulk-interval?metric_key=loss&start_step=100&max_results=400&run_ids="+run.ID, "")
	metrics := answer["metrics"].([]any)
	spike := false
	for _, m := range metrics {
		spike = spike || m.(map[string]any)["value"] == 1e9
	}
	if len(metrics) > 400 || !spike || metrics[0].(map[string]any)["step"] != 100.0 {
		t.Errorf("%d points, spike %v, first %v", len(metrics), spike, metrics[0])
	}
}
