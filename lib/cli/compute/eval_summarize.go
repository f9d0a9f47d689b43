package compute

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
	"paperlab/lib/evaluate"
	"paperlab/lib/train"
)

// evalSummarize is the verb that measures a summarising model on a part of the papers or on tokenised examples.
type evalSummarize struct {
	newRun    NewRun
	on        machine
	from      parts
	model     string
	how       preparation
	by        quality
	part      string
	tokenized string
	batch     int
	name      string
	json      bool
}

func evalSummarizeCommand(newRun NewRun) *cobra.Command {
	v := evalSummarize{newRun: newRun}
	cmd := &cobra.Command{
		Use:   "summarize",
		Short: "Measure a summarising model: loss, and ROUGE beside writers without a model",
		Long: `Measure a summarising model on a part of the papers: its loss (Trainer's mean of batch means), its perplexity, and ROUGE
(stemmed, percent, with 95 % bootstrap intervals) and lengths of the summaries that it writes, beside the first sentence of the
article, the first three, and three by chance. Data, sizes and seed of the training give the parts of the training.
With --record NAME the figures, and a table of the papers with their summaries and scores, become a run.

With --tokenized, only the loss on given ids, as JSON: "loss" is the mean over all label tokens, "eval_loss" Trainer's.`,
		Example: `  paperlab eval summarize --model model_checkpoints/fine_tuned_summarization_model --rouge-samples 50
  paperlab eval summarize --model ./tiny --tokenized examples.jsonl --batch-size 4`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return v.run(cmd) },
	}
	v.on.flags(cmd)
	v.from.flags(cmd)
	t5Flag(cmd, &v.model)
	v.how.flags(cmd)
	v.by.flags(cmd)
	cmd.Flags().StringVar(&v.part, "split", "test", "train, validation or test")
	cmd.Flags().StringVar(&v.tokenized, "tokenized", "", `JSON lines of {"input_ids": [...], "labels": [...]} to take the loss on`)
	cli.Count(cmd, &v.batch, "batch-size", 4, 1, "examples of one pass")
	cmd.Flags().StringVar(&v.name, "record", "", "keep the figures and a table of the summaries as a run of this name")
	cmd.Flags().BoolVar(&v.json, "json", false, "print JSON objects: the loss, then one a writer of summaries")
	return cmd
}

func (v *evalSummarize) run(cmd *cobra.Command) error {
	v.by.Seed = v.from.seed
	if err := errors.Join(v.by.validate(), checkSummarizer(v.model, v.on)); err != nil {
		return err
	}
	if v.tokenized != "" {
		return v.runTokenized(cmd)
	}
	papers, err := v.papers(cmd)
	if err != nil {
		return err
	}
	m, err := loadSummarizer(v.model, v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	on := exam{
		part: v.part, papers: papers, how: v.how, by: v.by, batch: v.batch, bootstrap: evaluate.Bootstrap{Seed: uint64(v.from.seed)},
	}
	measured, err := measure(cmd.Context(), m, on, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	if err := v.record(cmd.Context(), measured); err != nil {
		return err
	}
	if v.json {
		return measured.printJSON(cmd.OutOrStdout())
	}
	return measured.print(cmd.OutOrStdout())
}

// record keeps what was measured as a run, where one is asked for.
func (v *evalSummarize) record(ctx context.Context, measured *measurement) error {
	if v.name == "" || v.newRun == nil {
		return nil
	}
	params := v.by.params()
	maps.Copy(params, map[string]any{
		"task": "eval summarize", "model": v.model, "data": v.from.path, "split": v.part, "papers": measured.loss.Samples,
		"rouge_samples": len(measured.papers), "seed": v.from.seed, "max_input": v.how.MaxInput, "max_target": v.how.MaxTarget,
	})
	hook, err := v.newRun(ctx, v.name, params, Ranks{})
	if err != nil {
		return err
	}
	events := []train.Event{train.Started{}, train.Measured{Metrics: measured.metrics()}}
	if examples, ok := measured.table(0); ok {
		events = append(events, examples)
	}
	for _, event := range events {
		if err = hook(ctx, event); err != nil {
			break
		}
	}
	return errors.Join(err, hook(ctx, train.Finished{Err: err}))
}

// papers reads the part of the split that is asked for.
func (v *evalSummarize) papers(cmd *cobra.Command) ([]corpus.Paper, error) {
	var split corpus.Split
	papers, ok := map[string]*[]corpus.Paper{"train": &split.Train, "validation": &split.Validation, "test": &split.Test}[v.part]
	if !ok {
		return nil, console.Usage(fmt.Errorf("--split %q is none of train, validation, test", v.part))
	}
	alone, err := dataset.InParts(v.from.path)
	if err != nil {
		return nil, err
	}
	if alone {
		v.from.sizes = only(v.part, v.from.sizes)
	}
	if v.from.sizes == (corpus.Sizes{}) {
		return nil, v.from.check("evaluate", nil)
	}
	if split, err = v.from.split(cmd.Context(), cmd.ErrOrStderr()); err != nil {
		return nil, err
	}
	return *papers, v.from.check("evaluate", *papers)
}

// only is the size of one part, without the others.
func only(part string, sizes corpus.Sizes) corpus.Sizes {
	return map[string]corpus.Sizes{
		"train": {Train: sizes.Train}, "validation": {Validation: sizes.Validation}, "test": {Test: sizes.Test},
	}[part]
}

func (v *evalSummarize) runTokenized(cmd *cobra.Command) error {
	m, err := loadSummarizer(v.model, v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	examples, err := readTokenized(v.tokenized, m.Config())
	if err != nil {
		return err
	}
	loss, err := m.Evaluate(cmd.Context(), examples, v.batch)
	if err != nil {
		return err
	}
	return console.JSON(cmd.OutOrStdout(), lossesOf(loss))
}
