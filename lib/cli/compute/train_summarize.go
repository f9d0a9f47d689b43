package compute

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/evaluate"
	"paperlab/lib/summarize"
	"paperlab/lib/t5"
	"paperlab/lib/train"
)

// trainSummarize is the verb of the study's first training.
type trainSummarize struct {
	newRun NewRun
	on     machine
	from   parts
	model  string
	how    preparation
	by     quality
	run    training

	smoothing     float64
	checkpointing bool
	evalPapers    int
	examples      int
}

func trainSummarizeCommand(newRun NewRun) *cobra.Command {
	v := trainSummarize{newRun: newRun}
	cmd := &cobra.Command{
		Use:   "summarize",
		Short: "Fine-tune T5 to write abstracts",
		Long: `Fine-tune a T5 model to write a paper's abstract from the beginning of its article, as the study does.
Checkpoints go to --output, the model of the lowest validation loss to --save, the run to the tracker.
At the end come the test loss, and ROUGE of some summaries beside the lead sentences.`,
		Example: `  paperlab init t5-tiny ./tiny && paperlab train summarize --model ./tiny --epochs 3 --learning-rate 2e-3
  paperlab train summarize --model ./tiny --data scisummnet.jsonl.gz --train 300 --validation 60 --test 60 --dry-run
  paperlab train summarize --model ./tiny --resume latest`,
		Args: v.run.args,
		RunE: func(cmd *cobra.Command, _ []string) error { return v.execute(cmd) },
	}
	v.on.flags(cmd)
	v.from.flags(cmd)
	t5Flag(cmd, &v.model)
	v.how.flags(cmd)
	v.by.flags(cmd)
	v.run.flags(cmd, train.Config{
		Epochs: 10, BatchSize: 4, EvalBatchSize: 4, Accumulation: 4, LearningRate: 5e-5, WeightDecay: 0.01, MaxGradNorm: 1,
		LogEvery: 50, SaveLimit: 2, Output: "model_checkpoints/summarization_model",
	}, "model_checkpoints/fine_tuned_summarization_model")
	cmd.Flags().Float64Var(&v.smoothing, "label-smoothing", 0, "share of each label's probability that is spread over the vocabulary")
	cmd.Flags().BoolVar(&v.checkpointing, "gradient-checkpointing", false, "compute each block again in the backward pass: less memory, about a third more time")
	cli.Count(cmd, &v.examples, "eval-examples", 2, 0, "validation papers whose summaries, written greedily, are recorded at each evaluation (0: none)")
	cli.Count(cmd, &v.evalPapers, "eval-rouge-samples", 0, 0, "validation papers to summarise at each evaluation, for rouge1, rouge2, rougeL, rougeLsum and gen_len (0: none)")
	return cmd
}

func (v *trainSummarize) execute(cmd *cobra.Command) error {
	ctx := cmd.Context()
	if err := v.run.prepare(cmd); err != nil {
		return err
	}
	if err := v.validate(); err != nil {
		return err
	}
	if err := v.run.join(cmd, &v.on); err != nil {
		return err
	}
	defer v.run.ranks.leave()
	split, err := v.from.split(ctx, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	if err := v.from.check("train", split.Train); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "Train size: %d\nValidation size: %d\nTest size: %d\n", len(split.Train), len(split.Validation), len(split.Test))
	m, err := loadSummarizer(v.model, v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	v.run.Precision, v.run.Seed, m.Smoothing = m.Precision, v.from.seed, v.smoothing
	m.Checkpointing = v.checkpointing
	if v.run.dryRun {
		v.how.cache = "no" // it writes nothing
	}
	task, err := v.task(ctx, cmd.ErrOrStderr(), m, split)
	if err != nil {
		return err
	}
	task.Group = v.run.ranks.group
	if v.run.dryRun {
		if err := dryRun(cmd, task, v.run.Config); err != nil || !v.run.ranks.leads() {
			return err
		}
		return drySummary(cmd, m, split.Test, v.how.Prefix, v.by)
	}
	return v.fit(cmd, m, task, split)
}

// validate finds wrong values before anything is read or computed.
func (v *trainSummarize) validate() error {
	if !(v.smoothing >= 0 && v.smoothing < 1) {
		return console.Usage(fmt.Errorf("--label-smoothing %v: a share from 0 to below 1 is needed", v.smoothing))
	}
	v.by.Seed = v.from.seed
	return errors.Join(v.checkMetric(), v.by.validate(), checkSummarizer(v.model, v.on))
}

// checkMetric refuses a choice of the best model by what no evaluation measures, which would show only after the first.
func (v *trainSummarize) checkMetric() error {
	measured := []string{"loss", "token_loss"}
	written := summarize.MetricNames()
	if v.evalPapers > 0 {
		measured = append(measured, written...)
	}
	if metric := strings.TrimPrefix(v.run.Metric, "eval_"); !slices.Contains(measured, metric) {
		err := fmt.Errorf("--metric %q: an evaluation measures %s", metric, strings.Join(measured, ", "))
		if slices.Contains(written, metric) {
			err = console.Hint(err, "add --eval-rouge-samples for "+strings.Join(written, ", "))
		}
		return console.Usage(err)
	}
	return nil
}

// task tokenises the papers to train and to validate on.
func (v *trainSummarize) task(ctx context.Context, w io.Writer, m *summarize.Model, split corpus.Split) (train.Task[t5.Batch], error) {
	training, err := v.how.examples(ctx, w, m, split.Train)
	if err != nil || len(split.Validation) == 0 {
		return m.Task(training, nil), err
	}
	validation, err := v.how.examples(ctx, w, m, split.Validation)
	task := m.Task(training, validation)
	if v.evalPapers > 0 {
		papers := split.Validation[:min(v.evalPapers, len(split.Validation))]
		task.Metrics = m.Metrics(papers, v.how.Prefix, v.by.maxInput, v.by.Config)
	}
	return task, err
}

// fit trains, measures the best model on the test papers and prints what it measured.
func (v *trainSummarize) fit(cmd *cobra.Command, m *summarize.Model, task train.Task[t5.Batch], split corpus.Split) error {
	var measured *measurement
	if len(split.Test) > 0 {
		task.Final = func(ctx context.Context) (_ map[string]float64, err error) {
			test := exam{
				part: "test", papers: split.Test, how: v.how, by: v.by, batch: v.run.EvalBatchSize,
				bootstrap: evaluate.Bootstrap{Seed: uint64(v.from.seed)},
			}
			if measured, err = measure(ctx, m, test, cmd.ErrOrStderr()); err != nil {
				return nil, err
			}
			return measured.metrics(), nil
		}
	}
	table := func(step int) (train.Tabled, bool) { return measured.table(step) }
	samples := func(record train.Hook) train.Hook {
		greedy := v.by.Config
		greedy.NumBeams = 1
		return m.Samples(split.Validation[:min(v.examples, len(split.Validation))], v.how.Prefix, v.by.maxInput, greedy, record)
	}
	params := map[string]any{
		"task": "summarize", "model": v.model, "data": v.from.path, "prefix": v.how.Prefix,
		"max_input": v.how.MaxInput, "max_target": v.how.MaxTarget, "label_smoothing": v.smoothing, "gradient_checkpointing": v.checkpointing,
		"train_size": len(split.Train), "validation_size": len(split.Validation), "test_size": len(split.Test),
	}
	maps.Copy(params, v.by.params())
	_, err := fit(cmd, task, &v.run, record{newRun: v.newRun, table: table, samples: samples, params: params})
	if err != nil {
		return err
	}
	if measured != nil {
		err = measured.print(cmd.OutOrStdout())
	}
	return errors.Join(err, v.run.printSaved(cmd.OutOrStdout()))
}
