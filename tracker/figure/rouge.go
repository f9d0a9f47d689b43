package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"

	"paperlab/plots"
)

// measures are those of ROUGE. Those after an evaluation are kept as eval/rouge1, those of the end as rouge/rouge1.
var measures = []string{"rouge1", "rouge2", "rougeL", "rougeLsum"}

// rouge draws the scores of one run as bars after each evaluation, or the last scores of several runs beside each other.
func (r *reader) rouge(o plots.Options) (*plot.Plot, error) {
	var names []string
	var scores [][]plots.Series // by measure and run
	for _, measure := range measures {
		series := r.series("eval/"+measure, "rouge/"+measure)
		if slices.ContainsFunc(series, func(s plots.Series) bool { return len(s.Y) > 0 }) {
			names, scores = append(names, measure), append(scores, series)
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	if len(r.ids) == 1 {
		return r.rougeByEpoch(names, scores, o)
	}
	bars := make([]plots.Series, len(r.ids))
	for i := range r.ids {
		for _, measure := range scores {
			last := math.NaN()
			if n := len(measure[i].Y); n > 0 {
				last = measure[i].Y[n-1]
			}
			bars[i].Name, bars[i].Y = measure[i].Name, append(bars[i].Y, last)
		}
	}
	return plots.Bars("F-measure", names, bars, o)
}

func (r *reader) rougeByEpoch(names []string, scores [][]plots.Series, o plots.Options) (*plot.Plot, error) {
	var steps []float64
	for _, measure := range scores {
		steps = append(steps, measure[0].X...)
	}
	slices.Sort(steps)
	steps = slices.Compact(steps)
	epochs := r.series("train/epoch")[0]
	groups := make([]string, len(steps))
	for i, step := range steps {
		groups[i] = fmt.Sprintf("step %g", step)
		if at, logged := slices.BinarySearch(epochs.X, step); len(epochs.X) > 0 && (logged || at > 0) {
			if !logged {
				at--
			}
			// An evaluation comes after steps that were not logged: epochs go on at the pace they had until then.
			groups[i] = fmt.Sprintf("epoch %.3g", epochs.Y[at]*step/max(1, epochs.X[at]))
		}
	}
	bars := make([]plots.Series, len(names))
	for i, name := range names {
		bars[i] = plots.Series{Name: name, Y: make([]float64, len(steps))}
		for j, step := range steps {
			bars[i].Y[j] = math.NaN()
			if at, ok := slices.BinarySearch(scores[i][0].X, step); ok {
				bars[i].Y[j] = scores[i][0].Y[at]
			}
		}
	}
	return plots.Bars("F-measure", groups, bars, o)
}
