package compute

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"time"

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
	rule     string // of the pairs
	distinct bool
	mini     int
	gather   bool
	mining   sentence.Mining
}

func trainSearchCommand(newRun NewRun) *cobra.Command {
	v := trainSearch{newRun: newRun}
	cmd := &cobra.Command{
		Use:   "search",
		Short: "Fine-tune MiniLM so that papers of a category lie close together",
		Long: `Fine-tune a sentence-embedding model on pairs of papers of the same categories by MultipleNegativesRankingLoss, as the study
does; a part of the pairs is held out for the validation loss, which is also measured before the training.
Those pairs make retrieval worse, as eval search tells. What makes it better are the titles and abstracts of the collection that is to be
searched: --pairs title --no-duplicates with batches of 64 or more, one epoch. There are also category (two papers of one main
category, none in two pairs) and --hard-negatives.
Checkpoints go to --output, the model of the lowest validation loss to --save, the run to the tracker.`,
		Example: `  paperlab train search --per-group 40 --epochs 1
  paperlab train search --data arxiv-metadata-oai-snapshot.json --limit 20000 --dry-run
  paperlab train search --data corpus.jsonl --pairs title --no-duplicates --batch-size 64 --epochs 1 --warmup 0 --warmup-ratio 0.1`,
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
	f.StringVar(&v.rule, "pairs", pairs.Study, "what makes a pair: study (the same categories), title (a title and its abstract) or category (the same main category)")
	f.BoolVar(&v.distinct, "no-duplicates", false, "no text twice in a batch, where it would be a negative of its own partner")
	f.BoolVar(&v.gather, "gather", false, "rank each text among those of all processes, as if their batches were one")
	cli.Count(cmd, &v.mini, "mini-batch", 0, 0, "texts embedded at once, in less memory and with the gradients of the whole batch (0: all)")
	cli.Count(cmd, &v.mining.PerPair, "hard-negatives", 0, 0, "texts mined for each pair that the model takes for near, though they are not")
	f.Float64Var(&v.mining.Margin, "margin", 0.05, "by how much a hard negative's cosine with the text is below its partner's")
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
	if err := v.check(); err != nil {
		return console.Usage(err)
	}
	if err := v.run.join(cmd, &v.on); err != nil {
		return err
	}
	defer v.run.ranks.leave()
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
	task, err := v.task(cmd, m, training, validation)
	if err != nil {
		return err
	}
	task.Group = v.run.ranks.group
	if v.run.dryRun {
		return dryRun(cmd, task, v.run.Config)
	}
	return v.fit(cmd, task, map[string]any{
		"task": "search", "model": v.model, "data": v.from.path, "papers": len(papers), "pairs": task.Training.Len(),
		"validation_pairs": len(validation), "per_group": v.perGroup, "scale": v.scale, "pairs_of": v.rule,
		"no_duplicates": v.distinct, "mini_batch": v.mini, "gather": v.gather, "hard_negatives": v.mining.PerPair,
	})
}

// check refuses flags that cannot be meant.
func (v *trainSearch) check() error {
	switch {
	case !(v.scale > 0):
		return fmt.Errorf("--scale %v: a positive number is needed", v.scale)
	case !(v.mining.Margin >= 0):
		return fmt.Errorf("--margin %v: a number of 0 or more is needed", v.mining.Margin)
	case v.distinct && v.run.GroupByLength:
		return errors.New("--no-duplicates and --group-by-length both order the pairs: one of them")
	}
	if err := pairs.CheckRule(v.rule); err != nil {
		return fmt.Errorf("--%w", err)
	}
	return nil
}

// pairs makes the pairs to train and to validate on.
func (v *trainSearch) pairs(papers []corpus.Paper) (training, validation []pairs.Pair, err error) {
	all, err := pairs.By(v.rule, pairs.CleanAll(papers), pairs.Options{PerGroup: v.perGroup, Seed: uint64(v.run.Seed)})
	if err != nil {
		return nil, nil, err
	}
	if training, validation, err = pairs.Split(all, v.heldOut, uint64(v.run.Seed)); err != nil {
		return nil, nil, console.Usage(fmt.Errorf("--held-out: %w", err))
	}
	if len(training) == 0 {
		err := fmt.Errorf("%s: %d papers make %d pairs of the rule %s, too few to train on", v.from.path, len(papers), len(all), v.rule)
		return nil, nil, console.Hint(err, "look at --data, --limit, --pairs and --held-out")
	}
	return training, validation, nil
}

// task tokenises the pairs and finds hard negatives for those to train on.
func (v *trainSearch) task(cmd *cobra.Command, m *encoder, training, validation []pairs.Pair) (train.Task[sentence.Batch], error) {
	ctx := cmd.Context()
	ranking := sentence.Ranking{Model: m.Model, Scale: v.scale, MiniBatch: v.mini}
	if v.gather {
		ranking.Gather = v.run.ranks.group
	}
	examples, err := v.examples(cmd, m, training)
	if err != nil {
		return train.Task[sentence.Batch]{}, err
	}
	var heldOut *sentence.Pairs
	if len(validation) > 0 {
		first, second := pairs.Texts(validation)
		if heldOut, err = m.Pairs(ctx, first, second); err != nil {
			return train.Task[sentence.Batch]{}, err
		}
	}
	task := ranking.Task(examples, heldOut)
	if v.distinct {
		task.Order = examples.Distinct(v.run.BatchSize, cmp.Or(v.run.DataSeed, v.run.Seed))
	}
	return task, nil
}

// examples are the pairs to train on, with their hard negatives.
func (v *trainSearch) examples(cmd *cobra.Command, m *encoder, training []pairs.Pair) (*sentence.Pairs, error) {
	ctx := cmd.Context()
	first, second := pairs.Texts(training)
	if v.mining.PerPair == 0 {
		return m.Pairs(ctx, first, second)
	}
	bar := console.NewProgress(cmd.ErrOrStderr(), time.Now, console.Task{Label: "hard negatives", Unit: "text"})
	defer bar.End()
	mining := v.mining
	mining.Precision = m.precision
	mining.Progress = func(done, _ int) { bar.Set(int64(done)) }
	mined, err := m.HardNegatives(ctx, first, second, mining)
	if err != nil {
		return nil, err
	}
	if len(mined.Anchors) == 0 {
		return nil, console.Hint(fmt.Errorf("none of the %d pairs has %d hard negatives", len(training), mining.PerPair), "look at --hard-negatives and --margin")
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "Pairs with hard negatives: %d\n", len(mined.Anchors))
	return m.Pairs(ctx, mined.Anchors, mined.Positives, mined.Negatives...)
}

// fit trains and prints the validation loss before and after.
func (v *trainSearch) fit(cmd *cobra.Command, task train.Task[sentence.Batch], params map[string]any) error {
	of := record{newRun: v.newRun, params: params}
	var before train.Evaluation
	var err error
	measures := task.Validation != nil && v.run.ranks.leads()
	if measures {
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
	if measures {
		after := result.BestLoss
		if math.IsNaN(after) { // no evaluation was asked for
			last, err := train.Evaluate(cmd.Context(), task.Model, task.Validation, v.run.EvalBatchSize, v.run.Precision)
			if err != nil {
				return err
			}
			after = last.Loss
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "validation loss: %.4f before, %.4f after\n", before.Loss, after)
	}
	return errors.Join(err, v.run.printSaved(cmd.OutOrStdout()))
}
