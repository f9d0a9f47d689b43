package evaluate_test

import (
	"context"
	"fmt"
	"slices"

	bootstrap "paperlab/lib/evaluate"
	"paperlab/lib/sentence/evaluate"
)

func Example() {
	test, err := evaluate.KnownItems([]string{"north", "east"}, []string{"up the map", "to the right"})
	if err != nil {
		fmt.Println(err)
		return
	}
	measures, err := test.MeasureVectors(context.Background(), []float32{0, 1, 1, 0}, []float32{0.1, 1, 1, 0.2})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(measures.Accuracy.At(1), measures.MRR10)
	// Output: 1 1
}

// Two models on the same questions. An encoder is a model with its options: evaluate.Using(model, sentence.Options{}). In a
// notebook the outcome shows itself as a table, and a run keeps it: run.Table(ctx, "test/questions", 0, columns, rows).
func ExampleRetrieval_Hold() {
	test, err := evaluate.KnownItems([]string{"north", "east"}, []string{"up the map", "to the right"})
	if err != nil {
		fmt.Println(err)
		return
	}
	model := func(north, east []float32) evaluate.Encoder {
		return func(_ context.Context, texts []string) ([]float32, error) {
			return slices.Concat([]float32{0, 1}, []float32{1, 0}, north, east), nil // of the documents, then of the questions
		}
	}
	before, after := model([]float32{1, 0.2}, []float32{1, 0.1}), model([]float32{0.3, 1}, []float32{1, 0.1})
	outcome, err := test.Hold(context.Background(), before, after, bootstrap.Bootstrap{Seed: 42})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, rows := outcome.Table()
	fmt.Println(rows[3])
	columns, questions := outcome.Rows()
	fmt.Println(columns[0], questions[0][0], outcome.Better()[0].After)
	// Output:
	// [ndcg@10 0.8155 1.0000 +0.1845 +0.0000 to +0.3691]
	// question north 1
}
