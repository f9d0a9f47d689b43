package compute

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/evaluate"
	"paperlab/lib/generate"
	"paperlab/lib/rouge"
	"paperlab/lib/t5"
	"paperlab/lib/tokenize"
	"paperlab/lib/train"
)

// rougeSample is the flags of an evaluation by generated summaries.
type rougeSample struct {
	samples int
	beams   generate.Config
}

func (r *rougeSample) flags(cmd *cobra.Command) {
	cmd.Flags().IntVar(&r.samples, "rouge-samples", 20, "test papers to summarise for ROUGE (0: none)")
	generationFlags(cmd, &r.beams)
}

// generationFlags are HF's arguments of generate with dashes; the defaults are the study's.
func generationFlags(cmd *cobra.Command, c *generate.Config) {
	*c = generate.Study()
	f := cmd.Flags()
	f.IntVar(&c.MaxLength, "max-length", c.MaxLength, "tokens of a summary, at most, the start token included")
	f.IntVar(&c.MinLength, "min-length", c.MinLength, "tokens before which a summary may not end")
	f.IntVar(&c.NumBeams, "num-beams", c.NumBeams, "beams of the search (1: greedy)")
	f.Float64Var(&c.RepetitionPenalty, "repetition-penalty", c.RepetitionPenalty, "scores of tokens already written are divided by this (1: off)")
	f.Float64Var(&c.LengthPenalty, "length-penalty", c.LengthPenalty, "power of the length that a beam's score is divided by")
	f.BoolVar(&c.EarlyStopping, "early-stopping", c.EarlyStopping, "stop as soon as every beam has ended")
}

// write generates a summary for each input, decoded without special tokens, with a progress bar.
func write(ctx context.Context, cmd *cobra.Command, m *t5.Model, tok *tokenize.Tokenizer, inputs [][]int, cfg generate.Config) ([]string, error) {
	bar := console.NewProgress(cmd.ErrOrStderr(), time.Now, console.Task{Label: "summaries", Unit: "text", Total: int64(len(inputs))})
	defer bar.End()
	summaries := make([]string, 0, len(inputs))
	for _, input := range inputs {
		out, err := generate.Generate(ctx, m, [][]int{input}, cfg)
		if err != nil {
			return nil, err
		}
		summaries = append(summaries, tok.Decode(out[0].IDs, true))
		bar.Add(1)
	}
	return summaries, nil
}

// measureSummaries returns the test loss and, over the first samples, ROUGE of the model's summaries and of the lead sentence.
func measureSummaries(ctx context.Context, cmd *cobra.Command, m *t5.Model, tok *tokenize.Tokenizer, test *t5.Examples, papers []corpus.Paper, sample rougeSample, cfg train.Config) (map[string]float64, error) {
	loss, err := train.Evaluate(ctx, train.Model[t5.Batch](m), test, cfg.EvalBatchSize, cfg.Precision)
	if err != nil {
		return nil, err
	}
	metrics := map[string]float64{"test/loss": loss.Loss}
	n := min(sample.samples, len(papers))
	if n == 0 {
		return metrics, nil
	}
	summaries, err := write(ctx, cmd, m, tok, test.Inputs()[:n], sample.beams)
	if err != nil {
		return nil, err
	}
	table, err := score(ctx, papers[:n], summaries)
	if err != nil {
		return nil, err
	}
	for _, row := range table {
		prefix := "rouge/"
		if row.Name != modelRow {
			prefix = "rouge_" + row.Name + "/"
		}
		metrics[prefix+"rouge1"], metrics[prefix+"rouge2"] = row.Mean.Rouge1.FMeasure, row.Mean.Rouge2.FMeasure
		metrics[prefix+"rougeL"], metrics[prefix+"rougeLsum"] = row.Mean.RougeL.FMeasure, row.Mean.RougeLsum.FMeasure
	}
	return metrics, nil
}

// modelRow names the model among the baselines of [score].
const modelRow = "model"

type rougeRow struct {
	Name string
	Mean rouge.Scores
	Each []rouge.Scores
}

// score compares the model's summaries, and those that need no model, with the abstracts.
func score(ctx context.Context, papers []corpus.Paper, summaries []string) ([]rougeRow, error) {
	abstracts := make([]string, len(papers))
	lead1, lead3 := make([]string, len(papers)), make([]string, len(papers))
	for i, p := range papers {
		abstracts[i] = p.Abstract
		lead1[i], lead3[i] = evaluate.Lead(p.Article, 1), evaluate.Lead(p.Article, 3)
	}
	scorer := rouge.Scorer{Stem: true}
	var rows []rougeRow
	for _, candidate := range []struct {
		name  string
		texts []string
	}{{modelRow, summaries}, {"lead1", lead1}, {"lead3", lead3}} {
		each, err := scorer.ScoreAll(ctx, abstracts, candidate.texts)
		if err != nil {
			return nil, err
		}
		rows = append(rows, rougeRow{candidate.name, rouge.Mean(each), each})
	}
	return rows, nil
}

// shorten cuts a text to n characters for a screen.
func shorten(text string, n int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n]) + "..."
}
