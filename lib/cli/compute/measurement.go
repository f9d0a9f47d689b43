package compute

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/evaluate"
	"paperlab/lib/rouge"
	"paperlab/lib/t5"
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
	cli.Count(cmd, &q.maxInput, "summary-input", 1024, 0, "tokens of an article that its summary is written from, at most (0: no limit)")
}

// measurement is how well a model summarises papers.
type measurement struct {
	part      string // of the split
	loss      train.Evaluation
	papers    []corpus.Paper // those that summaries were written of
	summaries []string
	rows      []rougeRow // of the model and of the baselines; none without summaries
}

// exam is what a model is measured on, and how.
type exam struct {
	part   string // of the split
	papers []corpus.Paper
	how    t5.Preparation // for the loss
	by     quality
	batch  int
}

// measure takes the loss on the papers, and ROUGE of summaries of the first of them, with progress on w.
func (s *summarizer) measure(ctx context.Context, e exam, w io.Writer) (*measurement, error) {
	examples, err := s.examples(ctx, e.papers, e.how)
	if err != nil {
		return nil, err
	}
	m := &measurement{part: e.part, papers: e.papers[:min(e.by.samples, len(e.papers))]}
	if m.loss, err = s.loss(ctx, examples, e.batch); err != nil || len(m.papers) == 0 {
		return m, err
	}
	texts := make([]string, len(m.papers))
	for i, p := range m.papers {
		texts[i] = e.how.Prefix + p.Article
	}
	if m.summaries, err = s.summaries(ctx, w, texts, e.by.maxInput, e.by.Config); err != nil {
		return nil, err
	}
	m.rows, err = score(ctx, m.papers, m.summaries)
	return m, err
}

// metrics are the figures as a tracker keeps them.
func (m *measurement) metrics() map[string]float64 {
	metrics := map[string]float64{m.part + "/loss": m.loss.Loss}
	for _, row := range m.rows {
		prefix := "rouge_" + row.Name + "/"
		if row.Name == modelRow {
			prefix = "rouge/"
		}
		for _, measure := range rougeMeasures {
			metrics[prefix+measure.key] = measure.of(row.Mean).FMeasure
		}
	}
	return metrics
}

// losses is the JSON of a loss.
type losses struct {
	Loss     float64 `json:"loss"`      // mean over all label tokens
	EvalLoss float64 `json:"eval_loss"` // Trainer's mean of batch means
}

func lossesOf(e train.Evaluation) losses { return losses{Loss: e.TokenLoss, EvalLoss: e.Loss} }

// printJSON writes the loss, then an object a row of ROUGE.
func (m *measurement) printJSON(w io.Writer) error {
	if err := console.JSON(w, lossesOf(m.loss)); err != nil {
		return err
	}
	for _, row := range m.rows {
		err := console.JSON(w, struct {
			Name  string       `json:"name"`
			Rouge rouge.Scores `json:"rouge"`
		}{row.Name, row.Mean})
		if err != nil {
			return err
		}
	}
	return nil
}

// print writes the loss, the table of ROUGE and, as the study does, one paper with its summary.
func (m *measurement) print(ctx context.Context, w io.Writer, bootstrap evaluate.Bootstrap) error {
	if _, err := fmt.Fprintf(w, "%s loss: %.4f (%d papers)\n", m.part, m.loss.Loss, m.loss.Samples); err != nil || len(m.rows) == 0 {
		return err
	}
	if err := printRouge(ctx, w, m.rows, len(m.papers), bootstrap); err != nil {
		return err
	}
	shown := min(9, len(m.papers)-1)
	paper := m.papers[shown]
	_, err := fmt.Fprintf(w, "\nOriginal Article: %s\n\nAbstract: %s\n\nGenerated Summary: %s\n",
		shorten(paper.Article, 500), shorten(paper.Abstract, 500), m.summaries[shown])
	return err
}
