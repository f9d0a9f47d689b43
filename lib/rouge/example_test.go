package rouge_test

import (
	"context"
	"fmt"

	"paperlab/lib/rouge"
)

func Example() {
	references := []string{"We fine-tune small models on papers.", "Transformers summarise long documents."}
	predictions := []string{"Small models are fine-tuned on papers.", "Long documents are summarised."}

	scorer := rouge.Scorer{Stem: true}
	scores, err := scorer.ScoreAll(context.Background(), references, predictions)
	if err != nil {
		fmt.Println(err)
		return
	}
	mean := rouge.Mean(scores)
	fmt.Printf("rouge1 %.4f  rouge2 %.4f  rougeL %.4f\n", mean.Rouge1.FMeasure, mean.Rouge2.FMeasure, mean.RougeL.FMeasure)
	// Output: rouge1 0.8036  rouge2 0.4167  rougeL 0.5357
}

func ExampleScorer_Score() {
	var scorer rouge.Scorer
	s := scorer.Score("testing one two", "testing two")
	fmt.Printf("%.3f %.3f %.3f\n", s.RougeL.Precision, s.RougeL.Recall, s.RougeL.FMeasure)
	// Output: 1.000 0.667 0.800
}

func ExampleStem() {
	fmt.Println(rouge.Stem("summarization"), rouge.Stem("geology"), rouge.Stem("dying"))
	// Output: summar geolog die
}
