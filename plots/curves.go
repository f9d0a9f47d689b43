package plots

import "gonum.org/v1/plot"

// Curves plots any quantity against the step; label names it on the vertical axis, with its unit in brackets. Series i
// has the same colour in each plot in which it has that place: a run without this quantity keeps its place with a
// Series without points.
//
// It returns an error if the lengths of X and Y differ or an option is out of range.
func Curves(label string, series []Series, o Options) (*plot.Plot, error) {
	f, err := newFigure(label, o)
	if err != nil {
		return nil, err
	}
	for i, s := range series {
		look := lookOf(i, len(series))
		if err := f.add(s, look, true); err != nil {
			return nil, err
		}
		f.legend.add(s.Name, look)
	}
	return f.plot(), nil
}

// LearningRate plots learning rates against the step, on an axis that starts at zero unless it is logarithmic.
// Colours and errors are those of [Curves].
func LearningRate(series []Series, o Options) (*plot.Plot, error) {
	return fromZero(Curves("learning rate", series, o))
}

// Memory plots memory in MB against the step, on an axis that starts at zero unless it is logarithmic. Colours and
// errors are those of [Curves].
func Memory(series []Series, o Options) (*plot.Plot, error) {
	return fromZero(Curves("memory (MB)", series, o))
}

// fromZero widens the vertical axis to hold zero: of quantities that cannot be negative the size matters, not only
// the change.
func fromZero(p *plot.Plot, err error) (*plot.Plot, error) {
	if err != nil {
		return nil, err
	}
	if _, logarithmic := p.Y.Scale.(plot.LogScale); !logarithmic && p.Y.Min > 0 {
		p.Y.Min = 0
	}
	return p, nil
}
