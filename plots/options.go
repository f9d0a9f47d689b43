package plots

import "fmt"

// Options say how a plot is drawn. The zero value is a good default.
type Options struct {
	// Title stands above the plot, if it is not empty.
	Title string

	// Smoothing is the weight of [Smooth], at least 0 and less than 1. The smoothed curve is drawn over the faint raw
	// one; 0 draws the raw one only. Validation losses are few and are never smoothed.
	Smoothing float64

	// TimeWeighted smooths by [SmoothTime] instead, for series that were logged at uneven intervals.
	TimeWeighted bool

	// StepsPerEpoch, if positive, makes the horizontal axis count epochs instead of steps.
	StepsPerEpoch float64

	// LogX makes the horizontal axis logarithmic. Steps that are not positive have no place on it: they are left out.
	LogX bool

	// LogY makes the vertical axis logarithmic. Zero and negative values have no place on it: they are gaps.
	LogY bool

	// Band is what [Bands] draws around the mean.
	Band Band
}

func (o Options) check() error {
	if !(o.Smoothing >= 0 && o.Smoothing < 1) {
		return fmt.Errorf("plots: smoothing is %v: it must be at least 0 and less than 1", o.Smoothing)
	}
	if !(o.StepsPerEpoch >= 0 && o.StepsPerEpoch <= huge) {
		return fmt.Errorf("plots: steps per epoch are %v: give a positive number, or 0 for an axis of steps",
			o.StepsPerEpoch)
	}
	if o.Band < Range || o.Band > Confidence {
		return fmt.Errorf("plots: unknown band %d: use Range, Deviation or Confidence", o.Band)
	}
	return nil
}
