package compute

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/corpus/pairs"
	"paperlab/lib/sentence"
	"paperlab/lib/train"
)

// trainSearch returns the verb of the study's second training.
func trainSearch(newRun NewRun) *cobra.Command {
	var (
		on       machine
		from     data
		run      training
		model    string
		limit    int
		perGroup int
		heldOut  float64
		scale    float64
	)
	cmd := &cobra.Command{
		Use:   "search",
		Short: "Fine-tune MiniLM so that papers of a category lie close together",
		Long: `Fine-tune a sentence-embedding model on pairs of papers of the same categories by MultipleNegativesRankingLoss, as the study
does; a part of the pairs is held out for the validation loss, which is also measured before the training.`,
		Example: `  paperlab train search --limit 2000 --epochs 1
  paperlab train search --data arxiv-metadata-oai-snapshot.json --limit 20000`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := run.configure(cmd); err != nil {
				return err
			}
			m, precision, err := loadSentence(model, on)
			if err != nil {
				return err
			}
			defer m.Close()
			run.cfg.Precision, run.cfg.Seed = precision, from.seed
			papers, err := from.first(cmd.Context(), cmd, limit)
			if err != nil {
				return err
			}
			all := pairs.FromCategories(pairs.CleanAll(papers), pairs.Options{PerGroup: perGroup, Seed: uint64(from.seed)})
			training, validation, err := pairs.Split(all, heldOut, uint64(from.seed))
			if err != nil {
				return console.Usage(fmt.Errorf("--held-out: %w", err))
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "Papers: %d\nTraining pairs: %d\nValidation pairs: %d\n", len(papers), len(training), len(validation))
			if len(training) == 0 {
				return console.Hint(fmt.Errorf("no two papers share their categories"), "look at --data and --limit")
			}
			task := train.Task[sentence.Batch]{Model: sentence.Ranking{Model: m, Scale: scale}, Save: m.Save}
			if task.Training, err = sentencePairs(cmd.Context(), m, training); err != nil {
				return err
			}
			if len(validation) > 0 {
				if task.Validation, err = sentencePairs(cmd.Context(), m, validation); err != nil {
					return err
				}
				before, err := train.Evaluate(cmd.Context(), task.Model, task.Validation, run.cfg.EvalBatchSize, precision)
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "validation loss before: %.4f\n", before.Loss)
				task.Final = func(ctx context.Context) (map[string]float64, error) {
					after, err := train.Evaluate(ctx, task.Model, task.Validation, run.cfg.EvalBatchSize, precision)
					return map[string]float64{"validation loss after": after.Loss}, err
				}
			}
			return fit(cmd, task, run, newRun, run.params(map[string]any{
				"task": "search", "model": model, "data": from.path, "papers": len(papers), "pairs": len(training),
				"validation_pairs": len(validation), "per_group": perGroup, "scale": scale,
			}))
		},
	}
	on.flags(cmd)
	from.flags(cmd)
	cmd.Flags().Int64Var(&from.seed, "seed", 42, "seed of the pairs, of shuffling and of dropout")
	cmd.Flags().StringVar(&model, "model", "all-MiniLM-L6-v2", "folder or name of the sentence-embedding model")
	cmd.Flags().IntVar(&limit, "limit", 20000, "papers to read, at most (0: all)")
	cmd.Flags().IntVar(&perGroup, "per-group", 200, "papers drawn from one group of categories, at most")
	cmd.Flags().Float64Var(&heldOut, "held-out", 0.1, "share of the pairs kept for validation")
	cmd.Flags().Float64Var(&scale, "scale", 20, "factor on the cosines in the loss (1/temperature)")
	run.flags(cmd, train.Config{
		Epochs: 10, BatchSize: 20, EvalBatchSize: 20, Accumulation: 1, LearningRate: 2e-5, WarmupSteps: 100, WeightDecay: 0.01, MaxGradNorm: 1,
		LogEvery: 50, SaveLimit: 2, Output: "model_checkpoints/search_model",
	}, "model_checkpoints/fine_tuned_search_model")
	return cmd
}

func sentencePairs(ctx context.Context, m *sentence.Model, all []pairs.Pair) (*sentence.Pairs, error) {
	anchors, positives := make([]string, len(all)), make([]string, len(all))
	for i, p := range all {
		anchors[i], positives[i] = p.Text1, p.Text2
	}
	return m.Pairs(ctx, anchors, positives)
}
