package plots

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// Axis is one of the axes of [ParallelCoordinates]: a number or a text for each run.
type Axis struct {
	Name   string
	Values []float64 // NaN where a run has none
	Texts  []string  // instead of Values: names, each with a place of its own; empty where a run has none
	Log    bool      // Values that are not positive then count as none
}

// ParallelCoordinates shows what many runs have in common: each run is a line that crosses the axes at its values, in the
// colour of its value on the last axis, which is meant for the metric. The first run lies on top. Where a run has no
// value its line goes to the foot of the axis, called none; if that is the last axis, the line is grey. Of the options only
// the title counts.
//
// It returns an error if the axes have not one value for each run.
func ParallelCoordinates(axes []Axis, o Options) (*plot.Plot, error) {
	p := plot.New()
	style(p)
	p.Title.Text = label(o.Title)
	p.HideAxes()
	d := parallel{}
	for i, a := range axes {
		if a.Values != nil && a.Texts != nil {
			return nil, fmt.Errorf("plots: axis %q has both values and texts: give one of them", label(a.Name))
		}
		if i > 0 && a.len() != axes[0].len() {
			return nil, fmt.Errorf("plots: axis %q has %d values, axis %q %d: give one for each run", label(a.Name), a.len(), label(axes[0].Name), axes[0].len())
		}
		d.rails = append(d.rails, a.rail())
	}
	if len(axes) < 2 || axes[0].len() == 0 {
		p.Add(note("no data"))
		return p, nil
	}
	p.Add(d)
	return p, nil
}

func (a Axis) len() int { return max(len(a.Values), len(a.Texts)) }

// A rail is an axis with the places of the runs on it.
type rail struct {
	name   string
	ticks  []railTick
	places []float64 // 0 to 1, missing where a run has no value
	gap    bool      // some run has none
}

type railTick struct {
	place float64
	label string
}

// missing is the place of what has none.
const missing = -1

func (a Axis) rail() rail {
	r := rail{name: label(a.Name)}
	if a.Texts != nil {
		r.addTexts(a.Texts)
	} else {
		r.addValues(a.Values, a.Log)
	}
	r.gap = slices.Contains(r.places, missing)
	return r
}

func (r *rail) addTexts(texts []string) {
	place := map[string]float64{}
	for _, text := range texts {
		if text != "" {
			place[text] = 0.5
		}
	}
	names := slices.Sorted(maps.Keys(place))
	for i, name := range names {
		if len(names) > 1 {
			place[name] = float64(i) / float64(len(names)-1)
		}
		r.ticks = append(r.ticks, railTick{place[name], label(name)})
	}
	for _, text := range texts {
		at, ok := place[text]
		if !ok {
			at = missing
		}
		r.places = append(r.places, at)
	}
}

func (r *rail) addValues(values []float64, logarithmic bool) {
	drawn := func(v float64) bool { return line{positive: logarithmic}.draws(bounded(v)) }
	within := emptySpan
	for _, v := range values {
		if drawn(v) {
			within.include(v)
		}
	}
	scale := scale{min: within.min, max: within.max, log: logarithmic}
	for _, v := range values {
		at := float64(missing)
		if drawn(v) {
			at, _ = scale.at(v)
		}
		r.places = append(r.places, at)
	}
	r.ticks = scale.railTicks(values)
}

// railTicks are the values themselves where they are few, else those of an axis.
func (s scale) railTicks(values []float64) (ticks []railTick) {
	const few = 6
	distinct := map[float64]bool{}
	for _, v := range values {
		if _, ok := s.at(v); ok {
			distinct[v] = true
		}
	}
	if len(distinct) <= few {
		for _, v := range slices.Sorted(maps.Keys(distinct)) {
			at, _ := s.at(v)
			ticks = append(ticks, railTick{at, plain.Replace(strconv.FormatFloat(v, 'g', 4, 64))})
		}
		return apart(ticks)
	}
	for _, tick := range s.ticks(6) {
		if at, ok := s.at(tick.Value); ok && tick.Label != "" {
			ticks = append(ticks, railTick{at, tick.Label})
		}
	}
	return ticks
}

// plain writes exponents as the other axes do.
var plain = strings.NewReplacer("e-0", "e-", "e+0", "e", "e+", "e")

// apart leaves out the ticks whose labels would lie on each other.
func apart(ticks []railTick) (kept []railTick) {
	const least = 0.05
	for _, tick := range ticks {
		if len(kept) == 0 || tick.place-kept[len(kept)-1].place >= least {
			kept = append(kept, tick)
		}
	}
	return kept
}
