package evaluate_test

import (
	"math"
	"testing"

	bootstrap "paperlab/lib/evaluate"
	"paperlab/lib/sentence/evaluate"
)

// onAxes are vectors along the axes of a space of 4 dimensions.
func onAxes(axes ...int) (vectors []float32) {
	for _, axis := range axes {
		v := make([]float32, 4)
		v[axis] = 1
		vectors = append(vectors, v...)
	}
	return vectors
}

func TestTwoModelsAreHeldAgainstEachOtherQuestionByQuestion(t *testing.T) {
	test, err := evaluate.KnownItems([]string{"first", "second", "third"}, []string{"a", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	each := func(queries []float32) []evaluate.Measures {
		m, err := test.Each(t.Context(), queries, onAxes(0, 1, 2))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	// Among documents that are equally far the first comes first: question 2 finds its own third before, first after.
	before, after := each(onAxes(0, 1, 3)), each(onAxes(1, 1, 2))
	paired, err := evaluate.Pair(t.Context(), before, after, bootstrap.Bootstrap{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	second, third := 1/math.Log2(3), 1/math.Log2(4)
	for _, p := range paired {
		if p.Measure != "ndcg@10" {
			continue
		}
		if math.Abs(p.Before-(2+third)/3) > 1e-9 || math.Abs(p.After-(2+second)/3) > 1e-9 || math.Abs(p.Difference.Mean-(p.After-p.Before)) > 1e-9 {
			t.Errorf("%+v", p)
		}
		if !(p.Difference.Low < p.Difference.Mean && p.Difference.Mean < p.Difference.High) {
			t.Errorf("interval %+v", p.Difference)
		}
	}
	if len(paired) != len(evaluate.Names()) {
		t.Errorf("%d measures", len(paired))
	}
	better, worse := test.Changes(before, after)
	if len(better) != 1 || len(worse) != 1 || better[0].Query != "third" || worse[0].Query != "first" || better[0].After != 1 {
		t.Errorf("better %+v, worse %+v", better, worse)
	}
	if _, err := evaluate.Pair(t.Context(), before, after[:2], bootstrap.Bootstrap{}); err == nil {
		t.Error("other questions: no error")
	}
}
