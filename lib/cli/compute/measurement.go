package compute

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/evaluate"
	"paperlab/lib/rouge"
	"paperlab/lib/summarize"
	"paperlab/lib/train"
)

// quality is the flags of a measurement by written summaries.
type quality struct {
	generation
	samples, maxInput int
}

func (q *quality) flags(cmd *cobra.Command) {
	q.generation.flags(cmd)
	cli.Count(cmd, &q.samples, "rouge-samples", 20, 0, "papers to summarise for ROUGE, at most (0: none)")
	cli.Count(cmd, &q.maxInput, "summary-input", 1024, 0, "tokens of an article that its summary is written from, at most (0: no limit; the time grows with the square)")
}

// params are what a tracker keeps of how summaries were written, so that figures of two runs can be held against each other.
func (q *quality) params() map[string]any {
	params := map[string]any{
		"rouge_samples": q.samples, "summary_input": q.maxInput, "max_length": q.MaxLength, "max_new_tokens": q.MaxNewTokens,
		"min_length": q.MinLength, "min_new_tokens": q.MinNewTokens, "num_beams": q.NumBeams, "length_penalty": q.LengthPenalty,
		"early_stopping": q.EarlyStopping.String(), "repetition_penalty": q.RepetitionPenalty, "no_repeat_ngram_size": q.NoRepeatNgramSize,
		"do_sample": q.DoSample,
	}
	if q.DoSample {
		maps.Copy(params, map[string]any{"temperature": q.Temperature, "top_k": q.TopK, "top_p": q.TopP})
	}
	return params
}

// measurement is how well a model summarises papers.
type measurement struct {
	part      string // of the split
	loss      train.Evaluation
	papers    []corpus.Paper // those that summaries were written of
	summaries []string
	rouge     summarize.Comparison // of the model and of the baselines; none without summaries
}

// exam is what a model is measured on, and how.
type exam struct {
	part   string // of the split
	papers []corpus.Paper
	how    preparation // for the loss
	by     quality
	batch  int

	bootstrap evaluate.Bootstrap
}

// measure takes the loss on the papers, and ROUGE of summaries of the first of them, with progress on w. The loss is the model's own, whatever
// smoothed one it learned by, so that models can be compared.
func measure(ctx context.Context, trained *summarize.Model, e exam, w io.Writer) (*measurement, error) {
	own := *trained
	own.Smoothing = 0
	model := &own
	examples, err := e.how.examples(ctx, w, model, e.papers)
	if err != nil {
		return nil, err
	}
	m := &measurement{part: e.part, papers: e.papers[:min(e.by.samples, len(e.papers))]}
	if m.loss, err = model.Evaluate(ctx, examples, e.batch); err != nil || len(m.papers) == 0 {
		return m, err
	}
	if m.summaries, err = summaries(ctx, w, model, m.papers, e.how.Prefix, e.by.maxInput, e.by.Config); err != nil {
		return nil, err
	}
	m.rouge, err = summarize.Rouge(ctx, m.papers, m.summaries, e.bootstrap)
	return m, err
}

// metrics are the figures as a tracker keeps them.
func (m *measurement) metrics() map[string]float64 {
	metrics := map[string]float64{m.part + "/loss": m.loss.Loss}
	if p := m.perplexity(); !math.IsInf(p, 0) {
		metrics[m.part+"/perplexity"] = p
	}
	maps.Copy(metrics, m.rouge.Metrics())
	return metrics
}

// perplexity is e to the power of the mean loss of a label token.
func (m *measurement) perplexity() float64 { return math.Exp(m.loss.TokenLoss) }

// articleShown is how much of an article stands in the table of examples.
const articleShown = 2000

// table has the papers that summaries were written of, with each one's scores; there is none without summaries.
func (m *measurement) table(step int) (table train.Tabled, ok bool) {
	if len(m.rouge) == 0 {
		return table, false
	}
	table = train.Tabled{Key: m.part + "/examples", Step: step}
	table.Columns, table.Rows = m.rouge.Examples(m.papers, articleShown)
	return table, true
}

// losses is the JSON of a loss.
type losses struct {
	Loss     float64 `json:"loss"`      // mean over all label tokens
	EvalLoss float64 `json:"eval_loss"` // Trainer's mean of batch means
}

func lossesOf(e train.Evaluation) losses { return losses{Loss: e.TokenLoss, EvalLoss: e.Loss} }

// printJSON writes the loss, then an object a writer of summaries.
func (m *measurement) printJSON(w io.Writer) error {
	loss := struct {
		losses
		Perplexity float64 `json:"perplexity"`
	}{lossesOf(m.loss), m.perplexity()}
	if err := console.JSON(w, loss); err != nil {
		return err
	}
	for _, scores := range m.rouge {
		i := scores.Interval
		err := console.JSON(w, struct {
			Name    string           `json:"name"`
			Rouge   rouge.Scores     `json:"rouge"`
			Low     rouge.Scores     `json:"low"` // of the bootstrap interval
			High    rouge.Scores     `json:"high"`
			Lengths evaluate.Lengths `json:"lengths"`
		}{scores.Name, i.Mean, i.Low, i.High, evaluate.MeasureLengths(scores.Texts)})
		if err != nil {
			return err
		}
	}
	return nil
}

// print writes the loss, the table of ROUGE and, as the study does, one paper with its summary.
func (m *measurement) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%s loss: %.4f (%d papers)\n%s perplexity: %.4g\n", m.part, m.loss.Loss, m.loss.Samples, m.part, m.perplexity())
	if err != nil || len(m.rouge) == 0 {
		return err
	}
	header, rows := m.rouge.Table()
	if err := console.Table(w, header, rows); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	header, rows = m.rouge.Lengths(m.papers)
	if err := console.Table(w, header, rows); err != nil {
		return err
	}
	shown := min(9, len(m.papers)-1)
	paper := m.papers[shown]
	_, err = fmt.Fprintf(w, "\nOriginal Article: %s\n\nAbstract: %s\n\nGenerated Summary: %s\n",
		shorten(paper.Article, 500), shorten(paper.Abstract, 500), m.summaries[shown])
	return err
}
