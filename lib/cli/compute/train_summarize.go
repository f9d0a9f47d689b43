package compute

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/corpus"
	"paperlab/lib/hub"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/tokenize"
	"paperlab/lib/train"
)

// summarizer is the flags of a model that summarises and of how its texts are prepared: the study's values.
type summarizer struct {
	model string
	how   t5.Preparation
}

func (m *summarizer) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&m.model, "model", "google/flan-t5-small", "folder or name of the T5 model")
	cmd.Flags().StringVar(&m.how.Prefix, "prefix", "summarize: ", "put before each text")
	cmd.Flags().IntVar(&m.how.MaxInput, "max-input", 256, "tokens of a text, at most")
	cmd.Flags().IntVar(&m.how.MaxTarget, "max-target", 64, "tokens of a summary, at most")
}

func (m *summarizer) load(device tensor.Device) (*t5.Model, *tokenize.Tokenizer, error) {
	dir, err := hub.Default().Resolve(m.model)
	if err != nil {
		return nil, nil, err
	}
	tok, err := tokenize.Load(dir)
	if err != nil {
		return nil, nil, err
	}
	model, err := t5.Load(dir, device)
	return model, tok, err
}

func (m *summarizer) prepare(ctx context.Context, tok *tokenize.Tokenizer, papers []corpus.Paper) (*t5.Examples, error) {
	articles, abstracts := make([]string, len(papers)), make([]string, len(papers))
	for i, p := range papers {
		articles[i], abstracts[i] = p.Article, p.Abstract
	}
	return t5.Prepare(ctx, tok, articles, abstracts, m.how)
}

// trainSummarize returns the verb of the study's first training.
func trainSummarize(newRun NewRun) *cobra.Command {
	var (
		on    machine
		from  data
		model summarizer
		run   training
		rouge rougeSample
	)
	cmd := &cobra.Command{
		Use:   "summarize",
		Short: "Fine-tune T5 to write abstracts",
		Long: `Fine-tune a T5 model to write a paper's abstract from the beginning of its article, as the study does.
Checkpoints go to --output, the model of the best validation loss to --save, the run to the tracker.`,
		Example: `  paperlab init t5-tiny ./tiny && paperlab train summarize --model ./tiny --epochs 3 --learning-rate 1e-3
  paperlab train summarize --data scisummnet.jsonl.gz --train 300 --validation 60 --test 60`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := run.configure(cmd); err != nil {
				return err
			}
			device, precision, err := on.prepare()
			if err != nil {
				return err
			}
			run.cfg.Precision, run.cfg.Seed = precision, from.seed
			split, err := from.split(cmd.Context(), cmd)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "Train size: %d\nValidation size: %d\nTest size: %d\n", len(split.Train), len(split.Validation), len(split.Test))
			m, tok, err := model.load(device)
			if err != nil {
				return err
			}
			defer m.Close()
			task := train.Task[t5.Batch]{Model: m, Save: saver(m, tok)}
			if err := nonEmpty("train", split.Train); err != nil {
				return err
			}
			if task.Training, err = model.prepare(cmd.Context(), tok, split.Train); err != nil {
				return err
			}
			if len(split.Validation) > 0 {
				if task.Validation, err = model.prepare(cmd.Context(), tok, split.Validation); err != nil {
					return err
				}
			}
			if len(split.Test) > 0 {
				test, err := model.prepare(cmd.Context(), tok, split.Test)
				if err != nil {
					return err
				}
				task.Final = func(ctx context.Context) (map[string]float64, error) {
					return measureSummaries(ctx, cmd, m, tok, test, split.Test, rouge, run.cfg)
				}
			}
			params := run.params(map[string]any{
				"task": "summarize", "model": model.model, "data": from.path, "prefix": model.how.Prefix,
				"max_input": model.how.MaxInput, "max_target": model.how.MaxTarget,
				"train_size": len(split.Train), "validation_size": len(split.Validation), "test_size": len(split.Test),
			})
			return fit(cmd, task, run, newRun, params)
		},
	}
	on.flags(cmd)
	from.splitFlags(cmd)
	model.flags(cmd)
	run.flags(cmd, train.Config{
		Epochs: 10, BatchSize: 4, EvalBatchSize: 4, Accumulation: 4, LearningRate: 5e-5, WeightDecay: 0.01, MaxGradNorm: 1,
		LogEvery: 50, SaveLimit: 2, Output: "model_checkpoints/summarization_model",
	}, "model_checkpoints/fine_tuned_summarization_model")
	rouge.flags(cmd)
	return cmd
}

// saver returns what writes a model and its tokenizer into a folder.
func saver(m interface{ Save(dir string) error }, tok *tokenize.Tokenizer) func(dir string) error {
	return func(dir string) error {
		if err := m.Save(dir); err != nil {
			return err
		}
		return tok.Save(dir)
	}
}
