package compute_test

import (
	"fmt"
	"strings"
	"testing"

	"paperlab/lib/train"
)

func TestTrainSearchByOtherPairsInMiniBatches(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	var r recorder
	got := call{newRun: r.newRun}.run(trainBERT(model, papers, "--pairs", "title", "--no-duplicates", "--hard-negatives", "1", "--margin", "0", "--mini-batch", "2")...)
	if got.exit != 0 || !strings.Contains(got.err, "Training pairs: 27\nValidation pairs: 3\n") || !strings.Contains(got.err, "Pairs with hard negatives: ") {
		t.Fatalf("%+v", got)
	}
	if r.params["pairs_of"] != "title" || r.params["no_duplicates"] != true || r.params["mini_batch"] != 2 || r.params["hard_negatives"] != 1 {
		t.Errorf("%v", r.params)
	}
}

func TestMiniBatchesDoNotChangeATraining(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	losses := func(more ...string) (of []float64) {
		var r recorder
		got := call{newRun: r.newRun}.run(trainBERT(model, papers, append(more, "--pairs", "category", "--max-steps", "1")...)...)
		if got.exit != 0 {
			t.Fatal(got.err)
		}
		for _, step := range eventsOf[train.Step](&r) {
			of = append(of, step.Loss, step.GradNorm)
		}
		return of
	}
	// The dropout of one mini-batch a column is that of the whole batch.
	whole, parts := losses(), losses("--mini-batch", "5")
	if len(whole) != 2 || !near(parts[0], whole[0]) || !near(parts[1], whole[1]) {
		t.Errorf("loss and gradient norm %v, in mini-batches %v", whole, parts)
	}
}

func near(got, want float64) bool { return got > want*(1-1e-4) && got < want*(1+1e-4) }

func TestTrainSearchMeasuresItsLossAfterEvenWithoutEvaluations(t *testing.T) {
	dir := folder(t)
	got := run(trainBERT(tinyBERT(t, dir), abstracts(t, dir, 30), "--eval-every", "no")...)
	var before, after float64
	if _, err := fmt.Sscanf(got.out, "validation loss: %f before, %f after", &before, &after); err != nil || !(after < before) {
		t.Errorf("%+v: %v", got, err)
	}
}

func TestTrainSearchRefusesFlagsThatCannotBeMeant(t *testing.T) {
	for want, args := range map[string][]string{
		"--pairs neighbours: one of study, title, category is needed": {"--pairs", "neighbours"},
		"--margin -1:":                          {"--margin", "-1"},
		"--no-duplicates and --group-by-length": {"--no-duplicates", "--group-by-length"},
	} {
		if got := run(append([]string{"train", "search"}, args...)...); got.exit != 2 || !strings.Contains(got.err, want) {
			t.Errorf("%v: %+v", args, got)
		}
	}
}
