package plots

import (
	"maps"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Group is series that belong together, such as the runs of one setting with several seeds.
type Group struct {
	Name   string
	Series []Series
}

// Bands plots a quantity against the step by groups: the mean of each group's series as a line, and around it the band
// that the options choose, at first from their smallest value to their largest. At each step those series count that have
// a finite value there, smoothed where the options say so. Group i has the colour of series i in [Curves].
//
// It returns an error if the lengths of X and Y differ or an option is out of range.
func Bands(quantity string, groups []Group, o Options) (*plot.Plot, error) {
	f, err := newFigure(quantity, o)
	if err != nil {
		return nil, err
	}
	for i, g := range groups {
		look := lookOf(i, len(groups))
		mean, band, err := f.spread(g)
		if err != nil {
			return nil, err
		}
		band.look = look
		f.bands = append(f.bands, band)
		if err := f.add(mean, look, false); err != nil {
			return nil, err
		}
		f.legend.add(g.Name, look)
	}
	return f.plot(), nil
}

// spread returns a group's mean, against the step, and its band, in the units of the axes.
func (f *figure) spread(g Group) (Series, band, error) {
	byStep := map[float64][]float64{}
	for _, s := range g.Series {
		points, err := s.points(0, f.options.LogX)
		if err != nil {
			return Series{}, band{}, err
		}
		if f.options.Smoothing > 0 {
			points = f.options.smoothed(points)
		}
		for _, p := range points {
			if (line{positive: f.options.LogY}).draws(p.Y) {
				byStep[p.X] = append(byStep[p.X], p.Y)
			}
		}
	}
	mean, around := Series{Name: g.Name}, band{}
	scale := 1.0
	if f.options.StepsPerEpoch > 0 {
		scale = f.options.StepsPerEpoch
	}
	for _, step := range slices.Sorted(maps.Keys(byStep)) {
		low, middle, high := f.options.Band.around(byStep[step])
		if f.options.LogY && low <= 0 {
			low = slices.Min(byStep[step])
		}
		mean.X, mean.Y = append(mean.X, step), append(mean.Y, middle)
		around.low = append(around.low, plotter.XY{X: step / scale, Y: low})
		around.high = append(around.high, plotter.XY{X: step / scale, Y: high})
	}
	return mean, around, nil
}

// A band fills what lies between two curves of the same steps. It is a plot.Plotter.
type band struct {
	low, high plotter.XYs
	look      look
}

// Plot implements plot.Plotter.
func (b band) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	edge := make([]vg.Point, 0, 2*len(b.low))
	for _, at := range b.high {
		edge = append(edge, vg.Point{X: x(at.X), Y: y(at.Y)})
	}
	for _, at := range slices.Backward(b.low) {
		edge = append(edge, vg.Point{X: x(at.X), Y: y(at.Y)})
	}
	c.FillPolygon(b.look.veil(), c.ClipPolygonXY(edge))
}
