package evaluate_test

import (
	"context"
	"fmt"

	"paperlab/lib/evaluate"
	"paperlab/lib/rouge"
)

func Example() {
	abstracts := []string{"We fine-tune a small model on papers.", "Search by vectors beats search by words."}
	articles := []string{
		"Models keep growing. We fine-tune a small one, e.g. on papers. It does well.",
		"Words fail. Search by vectors, cf. Fig. 1, beats them.",
	}
	summaries := make([]string, len(articles))
	for i, article := range articles {
		summaries[i] = evaluate.Lead(article, 2)
	}

	ctx := context.Background()
	scores, err := new(rouge.Scorer).ScoreAll(ctx, abstracts, summaries)
	if err != nil {
		fmt.Println(err)
		return
	}
	interval, err := evaluate.Bootstrap{Seed: 42}.Scores(ctx, scores)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("lead-2: rouge1 %.3f (%.3f to %.3f)\n",
		interval.Mean.Rouge1.FMeasure, interval.Low.Rouge1.FMeasure, interval.High.Rouge1.FMeasure)
	// Output: lead-2: rouge1 0.627 (0.588 to 0.667)
}

func ExampleSentences() {
	for _, sentence := range evaluate.Sentences("Smith et al. (2019) reach 2.5, see Fig. 3. We reach 2.4.") {
		fmt.Println(sentence)
	}
	// Output:
	// Smith et al. (2019) reach 2.5, see Fig. 3.
	// We reach 2.4.
}
