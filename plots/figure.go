package plots

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// A figure gathers curves and makes the plot that shows them.
type figure struct {
	label       string
	options     Options
	bands       []band
	raw         []line // under those smoothed of them
	lines       []line
	legend      legend
	wholeSteps  bool // all steps are integers: ticks between them would be misleading
	hasInfinity bool
}

func newFigure(label string, o Options) (*figure, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	return &figure{label: label, options: o, wholeSteps: o.StepsPerEpoch == 0}, nil
}

func (f *figure) add(s Series, look look, smooth bool) error {
	points, err := s.points(f.options.StepsPerEpoch, f.options.LogX)
	if err != nil {
		return err
	}
	for _, p := range points {
		f.wholeSteps = f.wholeSteps && p.X == math.Trunc(p.X)
		f.hasInfinity = f.hasInfinity || math.IsInf(p.Y, 0)
	}
	if smooth && f.options.Smoothing > 0 {
		f.raw = append(f.raw, line{points, look.faint(), f.options.LogY})
		points = f.options.smoothed(points)
	}
	f.lines = append(f.lines, line{points, look, f.options.LogY})
	return nil
}

func (f *figure) plot() *plot.Plot {
	p := plot.New()
	style(p)
	p.Title.Text = label(f.options.Title)
	p.X.Label.Text, p.Y.Label.Text = "step", label(f.label)
	if f.options.StepsPerEpoch > 0 {
		p.X.Label.Text = "epoch"
	}

	x, y, drawable := f.ranges()
	steps := linearTicks{count: 8, whole: f.wholeSteps}
	p.X.Tick.Marker = steps
	p.X.Min, p.X.Max = steps.snap(x.padded(0, f.wholeSteps))
	if f.options.LogX && x != emptySpan {
		p.X.Tick.Marker, p.X.Scale = logTicks{}, plot.LogScale{}
		p.X.Min, p.X.Max = x.paddedLog()
	}
	switch {
	case !drawable:
		p.Y.Tick.Marker = plot.ConstantTicks(nil)
		p.Y.Min, p.Y.Max = 0, 1
	case f.options.LogY:
		p.Y.Tick.Marker = logTicks{}
		p.Y.Scale = plot.LogScale{}
		p.Y.Min, p.Y.Max = y.paddedLog()
	default:
		p.Y.Tick.Marker = linearTicks{count: 8}
		p.Y.Min, p.Y.Max = y.padded(0.05, false)
	}
	if x == emptySpan {
		p.X.Tick.Marker = plot.ConstantTicks(nil)
	}

	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = gridGrey, gridGrey
	p.Add(grid)
	for _, b := range f.bands {
		p.Add(b)
	}
	for _, l := range f.allLines() {
		p.Add(l)
	}
	if !drawable {
		p.Add(note(f.whyEmpty()))
	}
	if f.hasInfinity {
		f.legend.addInfinity()
	}
	p.Add(f.legend)
	return p
}

func (f *figure) allLines() []line { return slices.Concat(f.raw, f.lines) }

// ranges returns what the axes have to hold, and whether there is a value to draw at all.
func (f *figure) ranges() (x, y span, drawable bool) {
	x, y = emptySpan, emptySpan
	for _, b := range f.bands {
		for i := range b.low {
			y.include(b.low[i].Y)
			y.include(b.high[i].Y)
		}
	}
	for _, l := range f.allLines() {
		for _, p := range l.points {
			x.include(p.X)
			if l.draws(p.Y) {
				y.include(p.Y)
				drawable = true
			}
		}
	}
	return x, y, drawable
}

func (f *figure) whyEmpty() string {
	for _, l := range f.lines {
		for _, p := range l.points {
			if finite(p.Y) {
				return "no positive values for a logarithmic axis"
			}
		}
	}
	for _, l := range f.lines {
		if len(l.points) > 0 {
			return "no finite values"
		}
	}
	return "no data"
}

var (
	gridGrey = color.Gray{Y: 0xE4}
	axisGrey = color.Gray{Y: 0x60}
	textGrey = color.Gray{Y: 0x20}
)

// sans is the font of all text.
func sans(size float64) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(size)}
}

func style(p *plot.Plot) {
	p.Title.TextStyle.Font = sans(13)
	p.Title.TextStyle.Color = textGrey
	p.Title.Padding = vg.Points(6)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font = sans(11)
		a.Label.TextStyle.Color = textGrey
		a.Label.Padding = vg.Points(3)
		a.Tick.Label.Font = sans(9.5)
		a.Tick.Label.Color = textGrey
		a.Tick.Length = vg.Points(4)
		a.Color, a.Tick.Color = axisGrey, axisGrey
		a.Padding = vg.Points(3)
	}
}
