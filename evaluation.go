//go:build native

package main

import (
	"context"
	"errors"

	"gonum.org/v1/plot"

	"paperlab/lib/cli/compute"
	"paperlab/plots"
	"paperlab/tracker/runs"
)

// keep makes a finished run of an evaluation in the nearest database.
func keep(ctx context.Context, e compute.Evaluation) (err error) {
	store, err := runs.Open(ctx, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	run, err := runs.Start(ctx, store, runs.Options{Name: e.Name, Params: e.Params})
	if err != nil {
		return err
	}
	err = run.Log(ctx, 0, e.Metrics)
	for _, t := range e.Tables {
		err = errors.Join(err, run.Table(ctx, t.Key, 0, t.Columns, t.Rows))
	}
	for _, p := range e.Pictures {
		err = errors.Join(err, run.ImageFile(ctx, p.Key, 0, p.PNG, p.Caption))
	}
	return errors.Join(err, run.End(ctx, err))
}

// drawing draws what evaluations show.
var drawing = compute.Drawing{
	Bars: func(title string, groups []string, before, after []float64) ([]byte, error) {
		return png(plots.Bars("value", groups, []plots.Series{{Name: "baseline", Y: before}, {Name: "fine-tuned", Y: after}}, plots.Options{Title: title}))
	},
	Map: func(title string, vectors []float32, names, groups []string) ([]byte, error) {
		return png(plots.EmbeddingMap(vectors, names, groups, plots.Options{Title: title}))
	},
	HeatMap: func(title string, vectors []float32, names []string) ([]byte, error) {
		return png(plots.SimilarityHeatMap(names, vectors, plots.Options{Title: title}))
	},
}

func png(p *plot.Plot, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return plots.PNG(p)
}
