package figure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot"

	"paperlab/plots"
	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// Options say how figures are drawn.
type Options struct {
	Title        string
	Smoothing    float64 // TensorBoard's, 0 to less than 1
	TimeWeighted bool    // smooth by distance instead, as W&B does
	Epochs       bool    // count epochs on the horizontal axis; the runs must have logged train/epoch
	LogX, LogY   bool
	Band         Band // what surrounds the mean of a group
	Column       bool // save the figure for a column of a paper: see [plots.SaveColumn]
}

// Band is what surrounds the mean of a group: see [plots.Band].
type Band = plots.Band

// The bands of [Bands]: from the smallest to the largest, one standard deviation, or 95 % confidence.
const (
	Range      = plots.Range
	Deviation  = plots.Deviation
	Confidence = plots.Confidence
)

// Kind is a figure of runs.
type Kind string

// The figures: losses of training and validation, the learning rate, the gradients' norm, the memory of the process or of
// the GPU, and bars of ROUGE, after each evaluation of one run or the last ones of several.
const (
	Loss         Kind = "loss"
	LearningRate Kind = "learning-rate"
	GradNorm     Kind = "grad-norm"
	Memory       Kind = "memory"
	Rouge        Kind = "rouge"
)

// Kinds lists the figures.
func Kinds() []Kind { return []Kind{Loss, LearningRate, GradNorm, Memory, Rouge} }

// Check says whether there is such a figure.
func (k Kind) Check() error {
	if slices.Contains(Kinds(), k) {
		return nil
	}
	var names []string
	for _, known := range Kinds() {
		names = append(names, string(known))
	}
	return fmt.Errorf("figure %q: want one of %s", k, strings.Join(names, ", "))
}

// Draw draws one figure of the runs with these IDs, in their order. A run that lacks a series keeps its colour and draws
// nothing; a run that does not exist is an error.
func Draw(ctx context.Context, store tracker.Store, kind Kind, ids []string, o Options) (*plot.Plot, error) {
	r := reader{ctx: ctx, store: store, ids: ids}
	options := r.options(o)
	draw := map[Kind]func() (*plot.Plot, error){
		Loss: func() (*plot.Plot, error) {
			return plots.Loss(r.series("train/loss"), r.series("eval/loss"), options)
		},
		LearningRate: func() (*plot.Plot, error) { return plots.LearningRate(r.series("train/learning_rate"), options) },
		GradNorm:     func() (*plot.Plot, error) { return plots.Curves("gradient norm", r.series("train/grad_norm"), options) },
		Memory: func() (*plot.Plot, error) {
			return plots.Memory(r.series("gpu/memory_mb", "process/memory_mb"), options)
		},
		Rouge: func() (*plot.Plot, error) { return r.rouge(options) },
	}[kind]
	if draw == nil {
		return nil, kind.Check()
	}
	p, err := draw()
	if r.err != nil {
		return nil, r.err
	}
	return p, err
}

// Series draws one series of the runs with these IDs, in their order: a curve each. A run that lacks it keeps its colour
// and draws nothing; a run that does not exist is an error.
func Series(ctx context.Context, store tracker.Store, key string, ids []string, o Options) (*plot.Plot, error) {
	r := reader{ctx: ctx, store: store, ids: ids}
	p, err := plots.Curves(key, r.series(key), r.options(o))
	if r.err != nil {
		return nil, r.err
	}
	return p, err
}

// Save draws a figure, as [Draw] does, into a .png, .svg or .pdf file, atomically.
func Save(ctx context.Context, store tracker.Store, kind Kind, ids []string, o Options, path string) error {
	p, err := Draw(ctx, store, kind, ids, o)
	if err != nil {
		return err
	}
	return SaveAs(p, o, path)
}

// CheckName says whether SaveAs can write a file of this name, before what is to be drawn is read.
func CheckName(path string) error {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".png", ".svg", ".pdf":
		return nil
	}
	return fmt.Errorf("figure %s: its name should end in .png, .svg or .pdf", path)
}

// SaveAs writes a figure into a .png, .svg or .pdf file, atomically.
func SaveAs(p *plot.Plot, o Options, path string) error {
	save := plots.Save
	if o.Column {
		save = plots.SaveColumn
	}
	err := save(p, path)
	// The name in such an error is one that nobody knows.
	var inner *fs.PathError
	if errors.As(err, &inner) {
		return &tracker.Error{Op: "save figure", On: path, Err: inner.Err, Advice: "see that the folder exists and that you may write to it"}
	}
	return err
}

// Write writes a figure in a format: png, svg or pdf.
func Write(w io.Writer, p *plot.Plot, format string) error { return plots.Write(w, p, format) }

// reader reads series of runs and remembers the first error.
type reader struct {
	ctx   context.Context
	store tracker.Store
	ids   []string
	err   error
}

// options turns options of figures into those of plots.
func (r *reader) options(o Options) plots.Options {
	options := plots.Options{Title: o.Title, Smoothing: o.Smoothing, TimeWeighted: o.TimeWeighted, LogX: o.LogX, LogY: o.LogY, Band: o.Band}
	if o.Epochs {
		options.StepsPerEpoch = r.stepsPerEpoch()
	}
	return options
}

// series returns one series a run, named after it: the first of keys that the run has logged.
func (r *reader) series(keys ...string) []plots.Series {
	all := make([]plots.Series, 0, len(r.ids))
	for _, id := range r.ids {
		if r.err != nil {
			return nil
		}
		all = append(all, r.one(id, keys))
	}
	return all
}

func (r *reader) one(id string, keys []string) plots.Series {
	summary, err := runs.Get(r.ctx, r.store, id)
	if err != nil {
		r.err = err
		return plots.Series{}
	}
	return r.of(summary, keys)
}

// of reads the first of keys that a run has logged.
func (r *reader) of(summary runs.Summary, keys []string) plots.Series {
	s := plots.Series{Name: summary.Run.Name}
	if r.err != nil {
		return s
	}
	have := slices.IndexFunc(keys, func(key string) bool { _, ok := summary.Metric(key); return ok })
	if have >= 0 {
		s.X, s.Y, r.err = runs.Curve(r.ctx, r.store, summary.Run.ID, keys[have])
	}
	return s
}

// stepsPerEpoch reads off the first run that logged its epochs how many steps one took.
func (r *reader) stepsPerEpoch() float64 {
	for _, s := range r.series("train/epoch") {
		if n := len(s.X); n > 0 && s.Y[n-1] > 0 {
			return s.X[n-1] / s.Y[n-1]
		}
	}
	if r.err == nil {
		r.err = fmt.Errorf("figure: no epochs were logged as train/epoch by %s: leave the axis at steps", strings.Join(r.ids, ", "))
	}
	return 0
}
