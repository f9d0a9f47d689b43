package compute

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/pairs"
	"paperlab/lib/sentence"
	"paperlab/lib/sentence/loss"
	"paperlab/lib/train"
)

// trainSearch is the verb of the study's second training.
type trainSearch struct {
	newRun   NewRun
	on       machine
	from     data
	run      training
	model    string
	limit    int
	perGroup int
	heldOut  float64
	scale    float64
}

func trainSearchCommand(newRun NewRun) *cobra.Command {
	v := trainSearch{newRun: newRun}
	cmd := &cobra.Command{
		Use:   "search",
		Short: "Fine-tune MiniLM so that papers of a category lie close together",
		Long: `Fine-tune a sentence-embedding model on pairs of papers of the same categories by MultipleNegativesRankingLoss, as the study
does; a part of the pairs is held out for the validation loss, which is also measured before the training.
Checkpoints go to --output, the model of the lowest validation loss to --save, the run to the tracker.`,
		Example: `  paperlab train search --per-group 40 --epochs 1
  paperlab train search --data arxiv-metadata-oai-snapshot.json --limit 20000 --dry-run`,
		Args: v.run.args,
		RunE: func(cmd *cobra.Command, _ []string) error { return v.execute(cmd) },
	}
	v.on.flags(cmd)
	v.from.flags(cmd)
	sentenceFlag(cmd, &v.model)
	limitFlag(cmd, &v.limit)
	cli.Count(cmd, &v.perGroup, "per-group", 200, 1, "papers drawn from one group of categories, at most")
	f := cmd.Flags()
	f.Float64Var(&v.heldOut, "held-out", 0.1, "share of the pairs kept for validation")
	f.Float64Var(&v.scale, "scale", loss.Scale, "factor on the cosines in the loss (1/temperature)")
	v.run.flags(cmd, train.Config{
		Epochs: 10, BatchSize: 20, EvalBatchSize: 20, Accumulation: 1, LearningRate: 2e-5, WarmupSteps: 100, WeightDecay: 0.01, MaxGradNorm: 1,
		LogEvery: 50, SaveLimit: 2, Output: "model_checkpoints/search_model",
	}, "model_checkpoints/fine_tuned_search_model")
	f.Int64Var(&v.run.Seed, "seed", 42, "seed of the pairs, of shuffling and of dropout")
	return cmd
}

func (v *trainSearch) execute(cmd *cobra.Command) error {
	if err := v.run.prepare(cmd); err != nil {
		return err
	}
	if !(v.scale > 0) {
		return console.Usage(fmt.Errorf("--scale %v: a positive number is needed", v.scale))
	}
	papers, err := v.from.first(cmd.Context(), v.limit, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	training, validation, err := v.pairs(papers)
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "Papers: %d\nTraining pairs: %d\nValidation pairs: %d\n", len(papers), len(training), len(validation))
	m, err := loadEncoder(v.model, v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	v.run.Precision = m.precision
	task, err := v.task(cmd.Context(), m, training, validation)
	if err != nil {
		return err
	}
	if v.run.dryRun {
		return dryRun(cmd, task, v.run.Config)
	}
	return v.fit(cmd, task, map[string]any{
		"task": "search", "model": v.model, "data": v.from.path, "papers": len(papers), "pairs": len(training),
		"validation_pairs": len(validation), "per_group": v.perGroup, "scale": v.scale,
	})
}

// pairs makes the pairs to train and to validate on.
func (v *trainSearch) pairs(papers []corpus.Paper) (training, validation []pairs.Pair, err error) {
	all := pairs.FromCategories(pairs.CleanAll(papers), pairs.Options{PerGroup: v.perGroup, Seed: uint64(v.run.Seed)})
	if training, validation, err = pairs.Split(all, v.heldOut, uint64(v.run.Seed)); err != nil {
		return nil, nil, console.Usage(fmt.Errorf("--held-out: %w", err))
	}
	if len(training) == 0 {
		err := fmt.Errorf("%s: %d papers make %d pairs of the same categories, too few to train on", v.from.path, len(papers), len(all))
		return nil, nil, console.Hint(err, "look at --data, --limit and --held-out")
	}
	return training, validation, nil
}

// task tokenises the pairs.
func (v *trainSearch) task(ctx context.Context, m *encoder, training, validation []pairs.Pair) (train.Task[sentence.Batch], error) {
	ranking := sentence.Ranking{Model: m.Model, Scale: v.scale}
	first, second := pairs.Texts(training)
	examples, err := m.Pairs(ctx, first, second)
	if err != nil || len(validation) == 0 {
		return ranking.Task(examples, nil), err
	}
	first, second = pairs.Texts(validation)
	heldOut, err := m.Pairs(ctx, first, second)
	return ranking.Task(examples, heldOut), err
}

// fit trains and prints the validation loss before and after.
func (v *trainSearch) fit(cmd *cobra.Command, task train.Task[sentence.Batch], params map[string]any) error {
	of := record{newRun: v.newRun, params: params}
	var before train.Evaluation
	var err error
	if task.Validation != nil {
		before, err = train.Evaluate(cmd.Context(), task.Model, task.Validation, v.run.EvalBatchSize, v.run.Precision)
		if err != nil {
			return err
		}
		of.known = map[string]float64{"eval/loss": before.Loss}
	}
	result, err := fit(cmd, task, &v.run, of)
	if err != nil {
		return err
	}
	if task.Validation != nil {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "validation loss: %.4f before, %.4f after\n", before.Loss, result.BestLoss)
	}
	return errors.Join(err, v.run.printSaved(cmd.OutOrStdout()))
}
