package plots_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot"

	"paperlab/plots"
)

func TestAxesNameTheirQuantityAndUnit(t *testing.T) {
	series := one(curve("", 5, math.Sqrt))
	for name, c := range map[string]struct {
		draw func(o plots.Options) (*plot.Plot, error)
		want string
	}{
		"loss":          {func(o plots.Options) (*plot.Plot, error) { return plots.Loss(series, nil, o) }, "loss"},
		"learning rate": {func(o plots.Options) (*plot.Plot, error) { return plots.LearningRate(series, o) }, "learning rate"},
		"memory":        {func(o plots.Options) (*plot.Plot, error) { return plots.Memory(series, o) }, "memory (MB)"},
		"any":           {func(o plots.Options) (*plot.Plot, error) { return plots.Curves("time (s)", series, o) }, "time (s)"},
	} {
		for xLabel, o := range map[string]plots.Options{"step": {}, "epoch": {StepsPerEpoch: 2}} {
			p, err := c.draw(o)
			if err != nil {
				t.Fatal(err)
			}
			if p.X.Label.Text != xLabel || p.Y.Label.Text != c.want {
				t.Errorf("%s: axes are %q and %q, want %q and %q", name, p.X.Label.Text, p.Y.Label.Text, xLabel, c.want)
			}
		}
	}
}

func TestStepsPerEpochDivideTheSteps(t *testing.T) {
	p, err := plots.Curves("loss", one(curve("", 101, math.Sqrt)), plots.Options{StepsPerEpoch: 50})
	if err != nil {
		t.Fatal(err)
	}
	if p.X.Min != 0 || p.X.Max != 2 {
		t.Errorf("axis from %v to %v, want 0 to 2", p.X.Min, p.X.Max)
	}
}

func TestBadInputIsRefused(t *testing.T) {
	good := one(curve("a", 3, math.Sqrt))
	uneven := one(plots.Series{Name: "uneven", X: []float64{1, 2}, Y: []float64{1}})
	for name, c := range map[string]struct {
		series []plots.Series
		o      plots.Options
		want   string
	}{
		"more steps than values":      {uneven, plots.Options{}, `series "uneven" has 2 steps but 1 values`},
		"smoothing of one":            {good, plots.Options{Smoothing: 1}, "smoothing is 1"},
		"negative smoothing":          {good, plots.Options{Smoothing: -0.1}, "smoothing is -0.1"},
		"smoothing that is no number": {good, plots.Options{Smoothing: math.NaN()}, "smoothing is NaN"},
		"negative steps per epoch":    {good, plots.Options{StepsPerEpoch: -1}, "steps per epoch are -1"},
		"infinite steps per epoch":    {good, plots.Options{StepsPerEpoch: math.Inf(1)}, "steps per epoch are +Inf"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, draw := range []func() (*plot.Plot, error){
				func() (*plot.Plot, error) { return plots.Loss(c.series, nil, c.o) },
				func() (*plot.Plot, error) { return plots.Loss(nil, c.series, c.o) },
				func() (*plot.Plot, error) { return plots.Memory(c.series, c.o) },
				func() (*plot.Plot, error) { return plots.LearningRate(c.series, c.o) },
			} {
				if p, err := draw(); err == nil || p != nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("plot %v, error %v; want no plot and %q", p, err, c.want)
				}
			}
		})
	}
}

func TestPlotsWithNothingToDrawSayWhy(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		series []plots.Series
		o      plots.Options
		want   string
	}{
		"no series":            {nil, plots.Options{}, "no data"},
		"no points":            {one(plots.Series{Name: "a"}), plots.Options{}, "no data"},
		"no finite step":       {one(plots.Series{X: []float64{nan, inf}, Y: []float64{1, 2}}), plots.Options{}, "no data"},
		"only NaN":             {one(plots.Series{X: []float64{1, 2}, Y: []float64{nan, nan}}), plots.Options{Smoothing: 0.5}, "no finite values"},
		"only infinities":      {one(plots.Series{X: []float64{1, 2}, Y: []float64{inf, -inf}}), plots.Options{}, "no finite values"},
		"log of none positive": {one(plots.Series{X: []float64{1, 2}, Y: []float64{0, -1}}), plots.Options{LogY: true}, "no positive values for a logarithmic axis"},
	} {
		t.Run(name, func(t *testing.T) {
			got := texts(t, scene{draw: func() (*plot.Plot, error) { return plots.Curves("loss", c.series, c.o) }})
			if !slices.Contains(got, c.want) {
				t.Errorf("texts %q, want %q", got, c.want)
			}
		})
	}
}

func TestTicksAreReadable(t *testing.T) {
	for name, c := range map[string]struct {
		x    []float64
		want string
	}{
		"hundreds":          {[]float64{0, 500}, "0 100 200 300 400 500"},
		"thousands":         {[]float64{0, 10_000}, "0 2k 4k 6k 8k 10k"},
		"half thousands":    {[]float64{0, 4_000}, "0 500 1k 1.5k 2k 2.5k 3k 3.5k 4k"},
		"millions":          {[]float64{0, 2e6}, "0 500k 1M 1.5M 2M"},
		"far from zero":     {[]float64{1_000_000, 1_000_008}, "1000000 1000001 1000002 1000003 1000004 1000005 1000006 1000007 1000008"},
		"few whole steps":   {[]float64{3, 5}, "3 4 5"},
		"one step":          {[]float64{7}, "6 7 8"},
		"a last step short": {[]float64{1, 9_999}, "0 2k 4k 6k 8k 10k"},
		"negative":          {[]float64{-200, 200}, "-200 -150 -100 -50 0 50 100 150 200"},
		"fractions":         {[]float64{0, 0.5}, "0 0.1 0.2 0.3 0.4 0.5"},
		"tiny":              {[]float64{0, 4e-5}, "0 5e-6 1e-5 1.5e-5 2e-5 2.5e-5 3e-5 3.5e-5 4e-5"},
		"huge":              {[]float64{0, 4e18}, "0 5e17 1e18 1.5e18 2e18 2.5e18 3e18 3.5e18 4e18"},
		"one enormous step": {[]float64{1 << 60}, "1.05e18 1.1e18 1.15e18 1.2e18 1.25e18"},
	} {
		t.Run(name, func(t *testing.T) {
			s := plots.Series{X: c.x, Y: make([]float64, len(c.x))}
			p, err := plots.Curves("loss", one(s), plots.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, tick := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
				got = append(got, tick.Label)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("ticks %q, want %q", strings.Join(got, " "), c.want)
			}
		})
	}
}

func TestLogarithmicTicksAreReadable(t *testing.T) {
	for name, c := range map[string]struct {
		y    []float64
		want string
	}{
		"many decades":   {[]float64{1e-10, 1e4}, "1e-10 1e-8 1e-6 1e-4 0.01 1 100 10k"},
		"three decades":  {[]float64{1, 1000}, "1 10 100 1k"},
		"within decades": {[]float64{0.3, 40}, "0.5 1 2 5 10 20 50"},
		"close together": {[]float64{2, 3}, "2.0 2.2 2.4 2.6 2.8 3.0 3.2"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := plots.Curves("loss", one(plots.Series{X: []float64{0, 1}, Y: c.y}), plots.Options{LogY: true})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, tick := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
				if tick.Label != "" {
					got = append(got, tick.Label)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("ticks %q, want %q", strings.Join(got, " "), c.want)
			}
		})
	}
}

func TestExtremeValuesAreDrawn(t *testing.T) {
	for name, y := range map[string][]float64{
		"constant":             {3, 3, 3},
		"constant zero":        {0, 0},
		"nearly constant":      {1, 1 + 1e-16},
		"largest":              {math.MaxFloat64, -math.MaxFloat64},
		"constant largest":     {math.MaxFloat64, math.MaxFloat64},
		"just not huge":        {1e300, -1e300},
		"smallest":             {math.SmallestNonzeroFloat64, 0, 3 * math.SmallestNonzeroFloat64},
		"tiny":                 {1e-290, 2e-290},
		"all magnitudes":       {1e-300, 1, 1e300},
		"one point among NaNs": {math.NaN(), 4, math.NaN()},
	} {
		t.Run(name, func(t *testing.T) {
			s := plots.Series{Name: name, Y: y}
			for i := range y {
				s.X = append(s.X, float64(i))
			}
			for _, o := range []plots.Options{{}, {LogY: true}, {Smoothing: 0.6, StepsPerEpoch: 3}} {
				p, err := plots.Curves("loss", one(s), o)
				if err != nil {
					t.Fatal(err)
				}
				var b bytes.Buffer
				if err := plots.Write(&b, p, "svg"); err != nil {
					t.Errorf("%+v: %v", o, err)
				}
				if bytes.Contains(b.Bytes(), []byte("NaN")) && name != "one point among NaNs" {
					t.Errorf("%+v: a coordinate is NaN", o)
				}
			}
		})
	}
}

func TestStepsMayComeInAnyOrder(t *testing.T) {
	var svg [2]bytes.Buffer
	for i, s := range []plots.Series{
		{X: []float64{1, 2, 3, 4}, Y: []float64{10, 20, 30, 40}},
		{X: []float64{3, 1, 4, 2}, Y: []float64{30, 10, 40, 20}},
	} {
		p, err := plots.Curves("loss", one(s), plots.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := plots.Write(&svg[i], p, "svg"); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(svg[0].Bytes(), svg[1].Bytes()) {
		t.Error("the order of the steps changes the plot")
	}
}

func TestASpikeAmongAHundredThousandPointsIsDrawn(t *testing.T) {
	s := curve("", 100_000, func(float64) float64 { return 1 })
	s.Y[65_432] = 5
	flat := curve("", 100_000, func(float64) float64 { return 1 })
	flat.Y[0] = 5 // the same axes
	var with, without bytes.Buffer
	for b, s := range map[*bytes.Buffer]plots.Series{&with: s, &without: flat} {
		p, err := plots.Curves("loss", one(s), plots.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := plots.Write(b, p, "svg"); err != nil {
			t.Fatal(err)
		}
	}
	if with.Len() > 200_000 {
		t.Errorf("the curve was not thinned: %d bytes", with.Len())
	}
	// The spike rises to the same height as the first point of the other curve.
	top := strings.SplitN(after(without.String(), `style="fill:none;stroke:#0072B2`, "M"), "L", 2)[0]
	height := top[strings.Index(top, ",")+1:]
	if !strings.Contains(with.String(), ","+height+"L") {
		t.Errorf("no point at the spike's height %s", height)
	}
}

// after returns what follows the last start before the first mark.
func after(s, mark, start string) string {
	s = s[:strings.Index(s, mark)]
	return s[strings.LastIndex(s, start)+len(start):]
}

func TestTheLegendNamesEachRunAndSplitOnce(t *testing.T) {
	s := func(name string) plots.Series { return curve(name, 4, math.Sqrt) }
	for name, c := range map[string]struct {
		train, validation []plots.Series
		want              []string
	}{
		"one run":              {one(s("x")), one(s("x")), []string{"training", "validation"}},
		"training only":        {one(s("x")), nil, []string{"training"}},
		"two runs":             {[]plots.Series{s("a"), s("b")}, []plots.Series{s("b"), s("a")}, []string{"a", "b", "training", "validation"}},
		"runs of one name":     {[]plots.Series{s("a"), s("a")}, []plots.Series{s("a"), s("a")}, []string{"a", "a (2)", "training", "validation"}},
		"two runs without any": {[]plots.Series{s("a"), s("b")}, nil, []string{"a", "b"}},
		"a run without name":   {[]plots.Series{s(""), s("b")}, nil, []string{"b"}},
	} {
		t.Run(name, func(t *testing.T) {
			all := texts(t, scene{draw: func() (*plot.Plot, error) { return plots.Loss(c.train, c.validation, plots.Options{}) }})
			if got := all[len(all)-len(c.want):]; !slices.Equal(got, c.want) {
				t.Errorf("legend %q, want %q", all, c.want)
			}
		})
	}
}

func TestALegendThatIsTooLongSaysHowManyAreLeftOut(t *testing.T) {
	var series []plots.Series
	for i := range 100 {
		series = append(series, curve(fmt.Sprint("run ", i), 3, math.Sqrt))
	}
	all := texts(t, scene{draw: func() (*plot.Plot, error) { return plots.Curves("loss", series, plots.Options{}) }})
	var listed, more int
	for _, text := range all {
		if strings.HasPrefix(text, "run ") {
			listed++
		}
		_, _ = fmt.Sscanf(text, "and %d more", &more)
	}
	if listed < 40 || listed+more != 100 {
		t.Errorf("%d runs listed and %d more, want 100 in all", listed, more)
	}
}

func TestAnySeriesCanBeDrawn(t *testing.T) { // a quick look at what FuzzCurves explores
	for _, s := range []string{"", "a", "\x00\x1b[31m\xff", "]]>&<", strings.Repeat("long ", 500), strings.Repeat("\u0301", 300)} {
		drawAny(t, s, []byte("0123456789abcdef0123456789abcdef"), 0.5, 10, true)
	}
}

func FuzzCurves(f *testing.F) {
	f.Add("run", []byte("0123456789abcdef"), 0.0, 0.0, false)
	f.Add("\xff\x00", slices.Concat(le(1), le(math.Inf(1)), le(2), le(math.NaN()), le(1e300), le(-1e-320)), 0.9, 1e-300, true)
	f.Add("one", slices.Concat(le(1<<60), le(5)), 0.0, 0.0, true)
	f.Fuzz(func(t *testing.T, name string, content []byte, smoothing, stepsPerEpoch float64, log bool) {
		drawAny(t, name, content, smoothing, stepsPerEpoch, log)
	})
}

func le(v float64) []byte { return binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)) }

// drawAny draws the series whose steps and values alternate in content: it is refused with an error, or becomes a
// valid SVG.
func drawAny(t *testing.T, name string, content []byte, smoothing, stepsPerEpoch float64, log bool) {
	s := plots.Series{Name: name}
	for len(content) >= 16 {
		s.X = append(s.X, math.Float64frombits(binary.LittleEndian.Uint64(content)))
		s.Y = append(s.Y, math.Float64frombits(binary.LittleEndian.Uint64(content[8:])))
		content = content[16:]
	}
	p, err := plots.Curves(name, one(s), plots.Options{Title: name, Smoothing: smoothing, StepsPerEpoch: stepsPerEpoch, LogY: log})
	if err != nil {
		return
	}
	var b bytes.Buffer
	if err := plots.Write(&b, p, "svg"); err != nil {
		t.Fatal(err)
	}
	if _, err := textOfSVG(b.Bytes()); err != nil {
		t.Fatal(err)
	}
}

func TestALogarithmicAxisOfStepsLeavesOutTheStepZero(t *testing.T) {
	p, err := plots.Curves("loss", one(curve("", 1001, math.Sqrt)), plots.Options{LogX: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.X.Scale.(plot.LogScale); !ok || p.X.Min <= 0 || p.X.Min > 1 || p.X.Max < 1000 || p.X.Max > 2000 {
		t.Errorf("scale %T from %v to %v", p.X.Scale, p.X.Min, p.X.Max)
	}
	if p, err := plots.Curves("loss", nil, plots.Options{LogX: true}); err != nil || plots.Write(io.Discard, p, "svg") != nil {
		t.Errorf("without data: %v", err)
	}
}
