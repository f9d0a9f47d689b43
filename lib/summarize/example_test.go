package summarize_test

import (
	"context"
	"fmt"

	"paperlab/lib/corpus"
	"paperlab/lib/evaluate"
	"paperlab/lib/summarize"
)

func ExampleRouge() {
	papers := []corpus.Paper{{Article: "Light bends near the sun. Stars shine.", Abstract: "The sun bends light."}}
	comparison, err := summarize.Rouge(context.Background(), papers, []string{"Light bends."}, evaluate.Bootstrap{Seed: 42})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, scores := range comparison {
		fmt.Printf("%s %.2f\n", scores.Name, scores.Interval.Mean.Rouge1.FMeasure)
	}
	// Output:
	// model 0.67
	// lead1 0.89
	// lead3 0.73
	// random3 0.73
}
