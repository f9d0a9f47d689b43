package live

import (
	"paperlab/lib/train"
	"paperlab/plots"
)

// figure is the second display: the plot, or why there is none.
func (t *training) figure() any {
	t.mu.Lock()
	// What is appended meanwhile lies behind these.
	training, validation := t.losses.training, t.losses.validation
	t.mu.Unlock()
	var ofValidation []plots.Series
	if len(validation.X) > 0 {
		ofValidation = []plots.Series{validation}
	}
	p, err := plots.Loss([]plots.Series{training}, ofValidation, plots.Options{})
	if err != nil {
		return err
	}
	return p
}

// hasCurve says whether there is a line to draw.
func (t *training) hasCurve() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.losses.training.X) > 1 || len(t.losses.validation.X) > 0
}

func (t *training) changesCurve(e train.Event) bool {
	switch e.(type) {
	case train.Logged, train.Evaluated:
		return true
	case train.Step:
		t.mu.Lock()
		defer t.mu.Unlock()
		return t.losses.everyStep
	}
	return false
}
