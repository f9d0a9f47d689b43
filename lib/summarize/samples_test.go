package summarize_test

import (
	"context"
	"math"
	"testing"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

func TestSamplesAreWrittenAfterEachEvaluation(t *testing.T) {
	m := small(t)
	var told []train.Event
	hook := m.Samples(papers(2), "summarize: ", 32, short, func(_ context.Context, e train.Event) error {
		told = append(told, e)
		return nil
	})
	for _, event := range []train.Event{train.Step{Step: 3}, train.Evaluated{Step: 3}} {
		if err := hook(t.Context(), event); err != nil {
			t.Fatal(err)
		}
	}
	if table, ok := told[0].(train.Tabled); len(told) != 1 || !ok || table.Step != 3 || len(table.Rows) != 2 || table.Rows[0][3] != write(t, m).Text {
		t.Errorf("told %+v", told)
	}

	// A model whose scores are not numbers writes nothing, which ends no training.
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	all, _ := m.Parameters().Flat()
	if err := tensor.NoGrad(func() error { s.Scale(all, math.NaN()); return s.Err() }); err != nil {
		t.Fatal(err)
	}
	if err := hook(t.Context(), train.Evaluated{Step: 4}); err != nil || len(told) != 1 {
		t.Errorf("%v, told %+v", err, told)
	}
}
