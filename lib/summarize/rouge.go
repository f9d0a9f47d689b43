package summarize

import (
	"context"
	"fmt"
	"math/rand/v2"

	"paperlab/lib/corpus"
	"paperlab/lib/evaluate"
	"paperlab/lib/rouge"
)

// Scores is how near the summaries of one writer come to the abstracts of papers.
type Scores struct {
	Name     string   // of the writer
	Texts    []string // what it wrote, one a paper
	Each     []rouge.Scores
	Interval evaluate.ScoresInterval
}

// Comparison is ROUGE of several writers on the same papers: the model first, then those that no model is needed for: lead1 and
// lead3, the first sentence of the article and the first three, and random3, three of its sentences by chance.
type Comparison []Scores

// Rouge holds the summaries of papers, and those of the writers without a model, against the abstracts: with stems, and intervals by the
// bootstrap, whose seed draws the sentences too. For ROUGE-Lsum, which compares line by line, all texts have a sentence a line, as in
// transformers' example of summarization.
func Rouge(ctx context.Context, papers []corpus.Paper, summaries []string, bootstrap evaluate.Bootstrap) (Comparison, error) {
	abstracts := make([]string, len(papers))
	lead1, lead3, random3 := make([]string, len(papers)), make([]string, len(papers)), make([]string, len(papers))
	rng := rand.New(rand.NewPCG(bootstrap.Seed, 0))
	for i, p := range papers {
		abstracts[i] = p.Abstract
		lead1[i], lead3[i], random3[i] = evaluate.Lead(p.Article, 1), evaluate.Lead(p.Article, 3), evaluate.Random(rng, p.Article, 3)
	}
	var all Comparison
	for _, writer := range []struct {
		name  string
		texts []string
	}{{modelName, summaries}, {"lead1", lead1}, {"lead3", lead3}, {"random3", random3}} {
		each, err := scoreAll(ctx, abstracts, writer.texts)
		if err != nil {
			return nil, err
		}
		interval, err := bootstrap.Scores(ctx, each)
		if err != nil {
			return nil, err
		}
		all = append(all, Scores{writer.name, writer.texts, each, interval})
	}
	return all, nil
}

// scoreAll scores texts against abstracts, with stems and with a sentence a line.
func scoreAll(ctx context.Context, abstracts, texts []string) ([]rouge.Scores, error) {
	lines := func(texts []string) []string {
		all := make([]string, len(texts))
		for i, text := range texts {
			all[i] = evaluate.Lines(text)
		}
		return all
	}
	scorer := rouge.Scorer{Stem: true}
	return scorer.ScoreAll(ctx, lines(abstracts), lines(texts))
}

const modelName = "model"

// measures are the columns of a comparison.
var measures = []struct {
	key, short string
	of         func(rouge.Scores) rouge.Score
}{
	{"rouge1", "1", func(s rouge.Scores) rouge.Score { return s.Rouge1 }},
	{"rouge2", "2", func(s rouge.Scores) rouge.Score { return s.Rouge2 }},
	{"rougeL", "L", func(s rouge.Scores) rouge.Score { return s.RougeL }},
	{"rougeLsum", "Lsum", func(s rouge.Scores) rouge.Score { return s.RougeLsum }},
}

// Metrics are the mean F-measures, from 0 to 1, by the names that a tracker keeps them by: rouge/rouge1 of the model,
// rouge_lead3/rouge1 of a baseline.
func (c Comparison) Metrics() map[string]float64 {
	metrics := map[string]float64{}
	for _, scores := range c {
		prefix := "rouge_" + scores.Name + "/"
		if scores.Name == modelName {
			prefix = "rouge/"
		}
		for _, measure := range measures {
			metrics[prefix+measure.key] = measure.of(scores.Interval.Mean).FMeasure
		}
	}
	return metrics
}

// Table returns F-measures in percent with their intervals, one writer a row.
func (c Comparison) Table() (header []string, rows [][]string) {
	papers := 0
	for _, scores := range c {
		papers = len(scores.Each)
		row := []string{scores.Name}
		for _, measure := range measures {
			percent := func(s rouge.Scores) float64 { return 100 * measure.of(s).FMeasure }
			i := scores.Interval
			row = append(row, fmt.Sprintf("%.1f (%.1f to %.1f)", percent(i.Mean), percent(i.Low), percent(i.High)))
		}
		rows = append(rows, row)
	}
	header = []string{fmt.Sprintf("ROUGE of %d", papers)}
	for _, measure := range measures {
		header = append(header, measure.short)
	}
	return header, rows
}

// Examples returns a row for each paper, of the model's summary: what a tracker keeps to look at single ones. Articles are cut to their
// first so many characters.
func (c Comparison) Examples(papers []corpus.Paper, characters int) (columns []string, rows [][]any) {
	columns = []string{"paper", "title", "article", "abstract", "summary"}
	for _, measure := range measures {
		columns = append(columns, measure.key)
	}
	model := c[0]
	for i, p := range papers {
		article := []rune(p.Article)
		row := []any{p.ID, p.Title, string(article[:min(characters, len(article))]), p.Abstract, model.Texts[i]}
		for _, measure := range measures {
			row = append(row, measure.of(model.Each[i]).FMeasure)
		}
		rows = append(rows, row)
	}
	return columns, rows
}

// Lengths describes how long the texts of each writer are, in words and sentences, after the abstracts'.
func (c Comparison) Lengths(papers []corpus.Paper) (header []string, rows [][]string) {
	header = []string{"length", "words", "median", "95 %", "sentences"}
	abstracts := make([]string, len(papers))
	for i, p := range papers {
		abstracts[i] = p.Abstract
	}
	row := func(name string, texts []string) {
		l := evaluate.MeasureLengths(texts)
		cells := []string{name}
		for _, n := range []float64{l.Words.Mean, l.Words.Median, l.Words.P95, l.Sentences.Mean} {
			cells = append(cells, fmt.Sprintf("%.1f", n))
		}
		rows = append(rows, cells)
	}
	row("abstract", abstracts)
	for _, scores := range c {
		row(scores.Name, scores.Texts)
	}
	return header, rows
}
