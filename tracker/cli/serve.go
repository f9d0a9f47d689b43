package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"gonum.org/v1/plot"

	"paperlab/tracker"
	"paperlab/tracker/figure"
	"paperlab/tracker/mlflow"
	"paperlab/tracker/runs"
	"paperlab/tracker/web"
)

// serveCommand serves the dashboard until it is interrupted.
func serveCommand() *cobra.Command {
	var s server
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Show the runs in a browser: table, charts, comparison, live",
		Long: `Show the runs in a browser: their table, charts, comparison, texts, files and source, live as they are logged. Programs that log to
MLflow log here when MLFLOW_TRACKING_URI names this server.

The server is for this machine only, unless --addr names another address of it; it then wants a token, which --token or PAPERLAB_TOKEN
gives, or which is made and printed. Give one too on a machine that people share whom the runs do not concern.`,
		Example: `  paperlab serve
  paperlab serve --addr 127.0.0.1:0 --db results.db
  PAPERLAB_TOKEN=$(cat token) paperlab serve --addr 0.0.0.0:7272`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s.out, s.complaints = cmd.OutOrStdout(), cmd.ErrOrStderr()
			return s.flags.withStore(cmd.Context(), func(store tracker.Store) error { return s.serve(cmd.Context(), store) })
		},
	}
	cmd.Flags().StringVar(&s.flags.db, "db", "", "database (default: $PAPERLAB_DB, or the nearest paperlab.db up to the repository's root)")
	cmd.Flags().BoolVar(&s.flags.json, "json", false, "print the address and the token as one JSON object")
	cmd.Flags().StringVar(&s.addr, "addr", "127.0.0.1:7272", "address to serve at; port 0 takes a free one")
	cmd.Flags().StringVar(&s.token, "token", "", "token that visitors need (default: $PAPERLAB_TOKEN; none on this machine's own address, else a new one)")
	return cmd
}

type server struct {
	flags           common
	addr, token     string
	out, complaints io.Writer
}

func (s *server) serve(ctx context.Context, store tracker.Store) error {
	name, err := s.storeName()
	if err != nil {
		return err
	}
	handler := web.Handler(store, web.Options{Name: name, MLflow: true, Figure: figures(store), Done: ctx.Done()})
	return web.Open(ctx, web.Site{
		Addr: s.addr, Token: cmp.Or(s.token, os.Getenv("PAPERLAB_TOKEN")), Uploads: uploads, Handler: mount(store, handler),
		Ready:      func(address, token string) error { return s.greet(address, name, token) },
		Complaints: log.New(s.complaints, "paperlab: serve: ", 0),
	})
}

// storeName is what the database is called on the page: its file, or its address without a password.
func (s *server) storeName() (string, error) {
	place, err := runs.Locate(s.flags.db)
	if err != nil {
		return "", err
	}
	if u, err := url.Parse(place); err == nil && u.Host != "" {
		return u.Redacted(), nil
	}
	return filepath.Abs(place)
}

// greet tells how to get in. The address comes first.
func (s *server) greet(base, name, token string) error {
	if s.flags.json {
		return json.NewEncoder(s.out).Encode(map[string]string{"address": base, "token": token, "database": name})
	}
	lines := []string{"Open " + web.Address(base, token) + " in a browser to see the runs of " + name + ". Ctrl-C ends the server."}
	python := "export MLFLOW_TRACKING_URI=" + base
	if token != "" {
		lines = append(lines, "Whoever has that address, with its token, can read and change the runs.")
		python += " MLFLOW_TRACKING_TOKEN=" + token
	}
	lines = append(lines, "Python programs that use MLflow log here after: "+python)
	_, err := fmt.Fprintln(s.out, strings.Join(lines, "\n"))
	return err
}

// mount puts MLflow's API beside the dashboard's.
func mount(store tracker.Store, dashboard http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", dashboard)
	protocol := mlflow.Handler(store, time.Now, rand.Reader)
	for _, prefix := range []string{"/api/2.0/", "/api/3.0/", "/ajax-api/", "/health", "/version"} {
		mux.Handle(prefix, protocol)
	}
	return mux
}

// uploads are where MLflow's clients send files.
var uploads = []string{
	"/api/2.0/mlflow-artifacts/", "/api/3.0/mlflow-artifacts/", "/ajax-api/2.0/mlflow-artifacts/", "/ajax-api/3.0/mlflow-artifacts/",
}

// figures draws what the dashboard offers to download.
func figures(store tracker.Store) func(context.Context, io.Writer, web.Figure) error {
	return func(ctx context.Context, w io.Writer, f web.Figure) error {
		options := figure.Options{Title: f.Key, Smoothing: f.Smoothing, TimeWeighted: f.Distance, Epochs: f.Epochs, LogX: f.LogX, LogY: f.LogY}
		var drawn *plot.Plot
		var err error
		if f.Group == "" {
			drawn, err = figure.Series(ctx, store, f.Key, f.Runs, options)
		} else {
			conditions := make([]string, len(f.Runs))
			for i, id := range f.Runs {
				conditions[i] = fmt.Sprintf("id == %q", id)
			}
			drawn, err = figure.BandsOf(ctx, store, f.Key, runs.Query{Filter: strings.Join(conditions, " || "), Group: f.Group}, options)
		}
		if err != nil {
			return err
		}
		return figure.Write(w, drawn, f.Format)
	}
}
