package evaluate_test

import (
	"context"
	"fmt"
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

// among is an encoder of a made-up language, in which each text has a vector.
func among(vectors map[string][]float32) evaluate.Encoder {
	return func(_ context.Context, texts []string) (all []float32, err error) {
		for _, text := range texts {
			all = append(all, vectors[text]...)
		}
		return all, nil
	}
}

// threeQuestions are to find a, b and c, which lie on axes of their own; the questions lie on the axes given.
func threeQuestions(axes ...int) evaluate.Encoder {
	vectors := map[string][]float32{}
	for i, document := range []string{"a", "b", "c"} {
		vectors[document] = onAxes(i)
	}
	for i, query := range []string{"first", "second", "third"} {
		vectors[query] = onAxes(axes[i])
	}
	return among(vectors)
}

func TestTwoModelsAreHeldAgainstEachOtherQuestionByQuestion(t *testing.T) {
	test, err := evaluate.KnownItems([]string{"first", "second", "third"}, []string{"a", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	// Among documents that are equally far the first comes first: the third question finds its own third before, first after.
	o, err := test.Hold(t.Context(), threeQuestions(0, 1, 3), threeQuestions(1, 1, 2), bootstrap.Bootstrap{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	second, third := 1/math.Log2(3), 1/math.Log2(4)
	for _, p := range o.Measures {
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
	if len(o.Measures) != len(evaluate.Names()) || o.Texts != 3 {
		t.Errorf("%d measures, %d texts", len(o.Measures), o.Texts)
	}
	better, worse := o.Better(), o.Worse()
	if len(better) != 1 || len(worse) != 1 || better[0].Query != "third" || worse[0].Query != "first" || better[0].After != 1 {
		t.Errorf("better %+v, worse %+v", better, worse)
	}
	_, rows := o.Rows()
	if len(rows) != 3 || rows[0][0] != "third" || rows[2][0] != "second" || rows[2][3] != 0.0 {
		t.Errorf("the table of questions: %v", rows)
	}
	metrics := o.Metrics("t/")
	if got := metrics["t/accuracy_1"] - metrics["t/accuracy_1_baseline"]; got != metrics["t/accuracy_1_difference"] || len(metrics) != 5*len(evaluate.Names()) {
		t.Errorf("%v", metrics)
	}
}

func TestOrdersOfCandidatesAreHeldAgainstEachOther(t *testing.T) {
	test := evaluate.Reranking{{Query: "first", Texts: []string{"a", "b", "c"}, Scores: []float64{0, 1, 0}}}
	o, err := test.Hold(t.Context(), threeQuestions(0, 0, 0), threeQuestions(1, 0, 0), bootstrap.Bootstrap{})
	if err != nil {
		t.Fatal(err)
	}
	// Both others are as far from the question as b is, before: they share places 2 and 3.
	before := (1/math.Log2(3) + 1/math.Log2(4)) / 2
	if p := o.Measures[0]; math.Abs(p.Before-before) > 1e-9 || p.After != 1 || len(o.Better()) != 1 || o.Texts != 3 {
		t.Errorf("%+v", o)
	}
}

func TestCorrelationsAreHeldAgainstEachOtherWithIntervals(t *testing.T) {
	const n = 60
	var test evaluate.Similarity
	right, wrong := map[string][]float32{}, map[string][]float32{}
	for i := range n {
		a, b := fmt.Sprint("a", i), fmt.Sprint("b", i)
		test.First, test.Second, test.Scores = append(test.First, a), append(test.Second, b), append(test.Scores, float64(i))
		angle := math.Pi * (1 - float64(i)/n)
		right[a], right[b] = []float32{1, 0}, []float32{float32(math.Cos(angle)), float32(math.Sin(angle))}
		angle = float64(i * i % 7) // which has nothing to do with the score
		wrong[a], wrong[b] = []float32{1, 0}, []float32{float32(math.Cos(angle)), float32(math.Sin(angle))}
	}
	o, err := test.Hold(t.Context(), among(wrong), among(right), bootstrap.Bootstrap{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Measures) != 2 || o.Measures[1].Measure != "spearman" || math.Abs(o.Measures[1].After-1) > 1e-9 || len(o.Questions) != 0 {
		t.Errorf("%+v", o)
	}
	for _, p := range o.Measures {
		if d := p.Difference; !(0 < d.Low && d.Low < d.Mean && d.Mean < d.High) || math.Abs(d.Mean-(p.After-p.Before)) > 1e-9 {
			t.Errorf("%+v", p)
		}
	}
}

func TestMeasuresOfOtherQuestionsAreNotPaired(t *testing.T) {
	if _, err := evaluate.Pair(t.Context(), make([]evaluate.Measures, 3), make([]evaluate.Measures, 2), bootstrap.Bootstrap{}); err == nil {
		t.Error("no error")
	}
}
