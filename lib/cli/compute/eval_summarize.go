package compute

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/evaluate"
	"paperlab/lib/rouge"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// evalSummarize returns the verb that measures a summarising model on a split or on tokenised examples.
func evalSummarize() *cobra.Command {
	var (
		on        machine
		from      data
		model     summarizer
		sample    rougeSample
		part      string
		tokenized string
		batch     int
		asJSON    bool
	)
	cmd := &cobra.Command{
		Use:   "summarize",
		Short: "Measure a summarising model: loss, and ROUGE beside the lead sentences",
		Long: `Measure a summarising model on a part of the papers: its loss, and ROUGE (stemmed, percent, with 95 % bootstrap intervals)
of the summaries that it writes, beside the first sentence and the first three sentences of the article.
With --tokenized, only the loss on given ids: "loss" is the mean over all label tokens, "eval_loss" Trainer's mean of batch means.`,
		Example: `  paperlab eval summarize --model model_checkpoints/fine_tuned_summarization_model --split test --rouge-samples 50
  paperlab eval summarize --model ./tiny --tokenized examples.jsonl --batch-size 4`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			device, precision, err := on.prepare()
			if err != nil {
				return err
			}
			m, tok, err := model.load(device)
			if err != nil {
				return err
			}
			defer m.Close()
			ctx := cmd.Context()
			if tokenized != "" {
				examples, err := readTokenized(tokenized, tok.PadID())
				if err != nil {
					return err
				}
				return printLoss(ctx, cmd, m, examples, batch, precision)
			}
			split, err := from.split(ctx, cmd)
			if err != nil {
				return err
			}
			papers, ok := map[string][]corpus.Paper{"train": split.Train, "validation": split.Validation, "test": split.Test}[part]
			if !ok {
				return console.Usage(fmt.Errorf("--split %q is none of train, validation, test", part))
			}
			if err := nonEmpty("evaluate", papers); err != nil {
				return err
			}
			examples, err := model.prepare(ctx, tok, papers)
			if err != nil {
				return err
			}
			loss, err := train.Evaluate(ctx, train.Model[t5.Batch](m), examples, batch, precision)
			if err != nil {
				return err
			}
			n := min(sample.samples, len(papers))
			if n == 0 {
				return console.JSON(cmd.OutOrStdout(), lossOf(loss))
			}
			summaries, err := write(ctx, cmd, m, tok, examples.Inputs()[:n], sample.beams)
			if err != nil {
				return err
			}
			rows, err := score(ctx, papers[:n], summaries)
			if err != nil {
				return err
			}
			if asJSON {
				return printScoresJSON(cmd.OutOrStdout(), loss, rows)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "loss on %d %s papers: %.4f\n", len(papers), part, loss.Loss)
			if err := printScores(ctx, cmd.OutOrStdout(), rows, n, from.seed); err != nil {
				return err
			}
			printSample(cmd.OutOrStdout(), papers[min(9, n-1)], summaries[min(9, n-1)])
			return nil
		},
	}
	on.flags(cmd)
	from.splitFlags(cmd)
	model.flags(cmd)
	sample.flags(cmd)
	cmd.Flags().StringVar(&part, "split", "test", "train, validation or test")
	cmd.Flags().StringVar(&tokenized, "tokenized", "", `JSON lines of {"input_ids": [...], "labels": [...]} to take the loss on`)
	cmd.Flags().IntVar(&batch, "batch-size", 4, "examples of one pass")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON objects: the loss, then one a row of ROUGE")
	return cmd
}

type losses struct {
	Loss     float64 `json:"loss"`
	EvalLoss float64 `json:"eval_loss"`
}

func lossOf(e train.Evaluation) losses { return losses{Loss: e.TokenLoss, EvalLoss: e.Loss} }

func printLoss(ctx context.Context, cmd *cobra.Command, m *t5.Model, examples *t5.Examples, batch int, precision tensor.DType) error {
	loss, err := train.Evaluate(ctx, train.Model[t5.Batch](m), examples, batch, precision)
	if err != nil {
		return err
	}
	return console.JSON(cmd.OutOrStdout(), lossOf(loss))
}

// readTokenized reads examples of token ids, one object a line.
func readTokenized(path string, pad int) (*t5.Examples, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	decoder := json.NewDecoder(bufio.NewReader(f))
	var inputs, targets [][]int
	for n := 1; ; n++ {
		var example struct {
			InputIDs []int `json:"input_ids"`
			Labels   []int `json:"labels"`
		}
		if err := decoder.Decode(&example); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("%s: example %d: %w", path, n, err)
		}
		inputs, targets = append(inputs, example.InputIDs), append(targets, example.Labels)
	}
	examples, err := t5.NewExamples(inputs, targets, pad)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if examples.Len() == 0 {
		return nil, fmt.Errorf("%s holds no examples", path)
	}
	return examples, nil
}

func printScoresJSON(w io.Writer, loss train.Evaluation, rows []rougeRow) error {
	if err := console.JSON(w, lossOf(loss)); err != nil {
		return err
	}
	for _, row := range rows {
		if err := console.JSON(w, struct {
			Name  string `json:"name"`
			Rouge any    `json:"rouge"`
		}{row.Name, row.Mean}); err != nil {
			return err
		}
	}
	return nil
}

func printScores(ctx context.Context, w io.Writer, rows []rougeRow, n int, seed int64) error {
	bootstrap := evaluate.Bootstrap{Seed: uint64(seed)}
	table := make([][]string, 0, len(rows))
	for _, row := range rows {
		interval, err := bootstrap.Scores(ctx, row.Each)
		if err != nil {
			return err
		}
		cell := func(of func(rouge.Scores) rouge.Score) string {
			return fmt.Sprintf("%.1f (%.1f to %.1f)", 100*of(interval.Mean).FMeasure, 100*of(interval.Low).FMeasure, 100*of(interval.High).FMeasure)
		}
		table = append(table, []string{
			row.Name,
			cell(func(s rouge.Scores) rouge.Score { return s.Rouge1 }), cell(func(s rouge.Scores) rouge.Score { return s.Rouge2 }),
			cell(func(s rouge.Scores) rouge.Score { return s.RougeL }), cell(func(s rouge.Scores) rouge.Score { return s.RougeLsum }),
		})
	}
	return console.Table(w, []string{fmt.Sprintf("ROUGE of %d", n), "1", "2", "L", "Lsum"}, table)
}

func printSample(w io.Writer, paper corpus.Paper, summary string) {
	fmt.Fprintf(w, "\nOriginal Article: %s\n\nGenerated Summary: %s\n", shorten(paper.Article, 500), summary)
}
