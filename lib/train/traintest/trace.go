// Package traintest holds what the tests of several models' trainings have in common.
package traintest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/train"
)

// Fit trains a new model, which it closes with the test, and returns its parameters.
type Fit func(ctx context.Context, config train.Config, hook train.Hook) (*nn.Parameters, error)

// GoesOn fails the test unless a training that is interrupted after a step, and then gone on with by a model that was loaded anew, has
// the losses and in the end the weights of one that is not, bit for bit.
func GoesOn(t *testing.T, step int, config train.Config, fit Fit) {
	t.Helper()
	want, got := trace(t, 0, config, fit), trace(t, step, config, fit)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !slices.Equal(got[name], want[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

// trace trains, interrupted after a step if it is not 0, and returns weights and losses.
func trace(t *testing.T, interrupted int, config train.Config, fit Fit) map[string][]float32 {
	t.Helper()
	config.Output = t.TempDir()
	all := map[string][]float32{}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	record := func(_ context.Context, e train.Event) error {
		switch e := e.(type) {
		case train.Step:
			all["losses"] = append(all["losses"], float32(e.Loss))
			if e.Step == interrupted {
				cancel()
			}
		case train.Evaluated:
			all["validation losses"] = append(all["validation losses"], float32(e.Loss))
		}
		return nil
	}
	if interrupted > 0 {
		if _, err := fit(ctx, config, record); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		config.Resume, interrupted = train.Latest, 0
	}
	parameters, err := fit(t.Context(), config, record)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parameters.Specs() {
		if all[spec.Name], err = parameters.Get(spec.Name).Float32s(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
