package compute

import (
	"context"
	"fmt"
	"io"

	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/evaluate"
	"paperlab/lib/rouge"
)

// rougeMeasures are the columns of a table of ROUGE.
var rougeMeasures = []struct {
	key, short string
	of         func(rouge.Scores) rouge.Score
}{
	{"rouge1", "1", func(s rouge.Scores) rouge.Score { return s.Rouge1 }},
	{"rouge2", "2", func(s rouge.Scores) rouge.Score { return s.Rouge2 }},
	{"rougeL", "L", func(s rouge.Scores) rouge.Score { return s.RougeL }},
	{"rougeLsum", "Lsum", func(s rouge.Scores) rouge.Score { return s.RougeLsum }},
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

// printRouge writes the table: F-measures in percent with 95 % bootstrap intervals.
func printRouge(ctx context.Context, w io.Writer, rows []rougeRow, papers int, bootstrap evaluate.Bootstrap) error {
	header := []string{fmt.Sprintf("ROUGE of %d", papers)}
	for _, measure := range rougeMeasures {
		header = append(header, measure.short)
	}
	table := make([][]string, 0, len(rows))
	for _, row := range rows {
		interval, err := bootstrap.Scores(ctx, row.Each)
		if err != nil {
			return err
		}
		cells := []string{row.Name}
		for _, measure := range rougeMeasures {
			percent := func(s rouge.Scores) float64 { return 100 * measure.of(s).FMeasure }
			cells = append(cells, fmt.Sprintf("%.1f (%.1f to %.1f)", percent(interval.Mean), percent(interval.Low), percent(interval.High)))
		}
		table = append(table, cells)
	}
	return console.Table(w, header, table)
}
