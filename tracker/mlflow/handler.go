package mlflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"paperlab/tracker"
)

// maxBody is how long the body of a request may be that is not a file, in bytes.
const maxBody = 8 << 20

// version is the one that we answer for: clients ask.
const version = "3.17.0"

// Handler serves MLflow's tracking API (2.0, and what 3.x clients ask of 3.0) and its artifacts from the store. The
// clock gives the times that a request does not, entropy the IDs of new runs; both must be safe for concurrent use, and
// then so is the handler. Runs made so have no owner: they go on until the client ends them.
func Handler(store tracker.Store, clock func() time.Time, entropy io.Reader) http.Handler {
	s := &server{store: store, clock: clock, entropy: entropy}
	mux := http.NewServeMux()
	for _, api := range []string{"/api/2.0/", "/ajax-api/2.0/", "/api/3.0/", "/ajax-api/3.0/"} {
		s.routes(mux, api+"mlflow/")
		s.artifactRoutes(mux, api+"mlflow-artifacts/")
	}
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { writeText(w, "OK") })
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) { writeText(w, version) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeError(w, &apiError{"ENDPOINT_NOT_FOUND", fmt.Sprintf("No endpoint %s %s here", r.Method, r.URL.Path)})
	})
	return mux
}

type server struct {
	store   tracker.Store
	clock   func() time.Time
	entropy io.Reader
}

func (s *server) routes(mux *http.ServeMux, api string) {
	handle(mux, "POST "+api+"experiments/create", s.createExperiment)
	handle(mux, "GET "+api+"experiments/get", s.getExperiment)
	handle(mux, "GET "+api+"experiments/get-by-name", s.getExperimentByName)
	handle(mux, "POST "+api+"experiments/update", s.updateExperiment)
	handle(mux, "POST "+api+"experiments/delete", s.deleteExperiment)
	handle(mux, "POST "+api+"experiments/restore", s.restoreExperiment)
	handle(mux, "POST "+api+"experiments/set-experiment-tag", s.setExperimentTag)
	handle(mux, "POST "+api+"experiments/delete-experiment-tag", s.deleteExperimentTag)
	handle(mux, "POST "+api+"experiments/search", s.searchExperiments)
	handle(mux, "GET "+api+"experiments/search", s.searchExperiments)
	handle(mux, "POST "+api+"runs/create", s.createRun)
	handle(mux, "GET "+api+"runs/get", s.getRun)
	handle(mux, "POST "+api+"runs/update", s.updateRun)
	handle(mux, "POST "+api+"runs/delete", s.deleteRun)
	handle(mux, "POST "+api+"runs/restore", s.restoreRun)
	handle(mux, "POST "+api+"runs/search", s.searchRuns)
	handle(mux, "POST "+api+"runs/set-tag", s.setTag)
	handle(mux, "POST "+api+"runs/delete-tag", s.deleteTag)
	handle(mux, "POST "+api+"runs/log-metric", s.logMetric)
	handle(mux, "POST "+api+"runs/log-parameter", s.logParam)
	handle(mux, "POST "+api+"runs/log-batch", s.logBatch)
	handle(mux, "POST "+api+"runs/log-inputs", s.logInputs)
	handle(mux, "POST "+api+"runs/log-model", s.logModel)
	handle(mux, "GET "+api+"metrics/get-history", s.metricHistory)
	handle(mux, "GET "+api+"metrics/get-history-bulk", s.metricHistoryBulk)
	handle(mux, "GET "+api+"metrics/get-history-bulk-interval", s.metricHistoryInterval)
	handle(mux, "GET "+api+"artifacts/list", s.listRunArtifacts)
	handle(mux, "POST "+api+"logged-models/search", s.searchModels)
	handle(mux, "GET "+api+"server-info", s.serverInfo)
}

// none is the request of a call that takes nothing, and the answer of one that gives nothing.
type none struct{}

func (s *server) serverInfo(context.Context, none) (any, error) {
	return map[string]any{"store_type": "SqlStore", "workspaces_enabled": false}, nil
}

// searchModels finds none: logged models, which 3.x has beside runs, are not kept here.
func (s *server) searchModels(context.Context, none) (any, error) {
	return map[string]any{"models": []any{}}, nil
}

// handle answers one call: the request comes from a JSON body, or from the query where there is no body.
func handle[T any](mux *http.ServeMux, pattern string, call func(context.Context, T) (any, error)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		request, err := decode[T](w, r)
		var answer any
		if err == nil {
			answer, err = call(r.Context(), request)
		}
		if err != nil {
			writeError(w, err)
			return
		}
		writeJSON(w, http.StatusOK, answer)
	})
}

func decode[T any](w http.ResponseWriter, r *http.Request) (request T, err error) {
	body, err := json.Marshal(fromQuery(r.URL.Query()))
	if r.Method != http.MethodGet {
		body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	}
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return request, invalid("The request is longer than %d bytes", maxBody)
	}
	if err != nil {
		return request, &apiError{"BAD_REQUEST", "The request's body cannot be read: " + err.Error()}
	}
	if sized, ok := any(&request).(interface{ checkSize(int) error }); ok {
		if err := sized.checkSize(len(body)); err != nil {
			return request, err
		}
	}
	if err := json.Unmarshal(body, &request); err != nil {
		return request, &apiError{"BAD_REQUEST", "The request is no valid JSON: " + err.Error()}
	}
	return request, nil
}

// fromQuery gives the query's values as JSON has them; one that is there several times is a list.
func fromQuery(query url.Values) map[string]any {
	object := make(map[string]any, len(query))
	for key, values := range query {
		if object[key] = values[0]; len(values) > 1 {
			object[key] = values
		}
	}
	return object
}

func writeJSON(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that is gone does not read the answer: there is nobody to tell.
	_ = json.NewEncoder(w).Encode(answer)
}

func writeText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, text)
}
