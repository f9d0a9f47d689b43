package web

import (
	"context"
	"io"
	"net/http"
	"time"

	"paperlab/tracker"
)

// Options say what the dashboard shows beside the store. The zero value will do.
type Options struct {
	// Name is what the store is called on the page.
	Name string
	// MLflow says that MLflow's protocol is served beside the dashboard.
	MLflow bool
	// Figure draws a figure of runs; nil if there are none to download.
	Figure func(ctx context.Context, w io.Writer, figure Figure) error
	// Done ends the streams of events, so that a server with open pages can shut down; nil: never.
	Done <-chan struct{}
	// Clock tells the time; nil: the system's.
	Clock func() time.Time
}

// Figure is a figure that someone asks for.
type Figure struct {
	Format    string // svg, png or pdf
	Key       string // of the series
	Runs      []string
	Group     string  // an expression of package query by which runs are put together; empty: a curve a run
	Smoothing float64 // 0 to less than 1
	Distance  bool    // smooth by the distance between points, as W&B does, and not by their number, as TensorBoard does
	Epochs    bool    // on the horizontal axis, instead of steps
	LogX      bool
	LogY      bool
}

// Handler serves the dashboard and its API for one store. It asks for no token and trusts every name it is called by: put
// [Guard] around it. It may be used by many requests at once.
func Handler(store tracker.Store, options Options) http.Handler {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	d := &dashboard{store: store, options: options}
	mux := http.NewServeMux()
	for pattern, answer := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /api/info":                   d.info,
		"GET /api/runs":                   d.table,
		"GET /api/runs/{id}":              d.run,
		"PATCH /api/runs/{id}":            d.edit,
		"GET /api/runs/{id}/texts":        d.texts,
		"GET /api/runs/{id}/tables":       d.tables,
		"GET /api/runs/{id}/images":       d.images,
		"GET /api/runs/{id}/histograms":   d.histograms,
		"GET /api/runs/{id}/console":      d.console,
		"GET /api/runs/{id}/console.txt":  d.consoleText,
		"GET /api/runs/{id}/files/{hash}": d.file,
		"GET /api/compare":                d.compare,
		"GET /api/series":                 d.series,
		"GET /api/points":                 d.points,
		"GET /api/points.csv":             d.csv,
		"GET /api/figure.svg":             d.figure,
		"GET /api/figure.png":             d.figure,
		"GET /api/figure.pdf":             d.figure,
		"GET /api/events":                 d.events,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := answer(w, r); err != nil {
				refuse(w, err)
			}
		})
	}
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { refuse(w, notFound("find", r.URL.Path)) })
	addPage(mux)
	return mux
}

type dashboard struct {
	store   tracker.Store
	options Options
}

// info says what the page wants to know once.
func (d *dashboard) info(w http.ResponseWriter, _ *http.Request) error {
	return write(w, map[string]any{"name": d.options.Name, "mlflow": d.options.MLflow, "figures": d.options.Figure != nil})
}
