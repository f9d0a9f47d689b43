package compute

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	bootstrap "paperlab/lib/evaluate"
	"paperlab/lib/sentence/evaluate"
)

// retrieval is the flags of the tests that tell whether a fine-tuned model finds more than its baseline.
type retrieval struct {
	titles int
	judged []string
	seed   uint64
}

func (r *retrieval) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	cli.Count(cmd, &r.titles, "titles", 500, 0, "papers whose titles have to find their abstracts, the first ones (0: leave this test out)")
	f.StringArrayVar(&r.judged, "judged", nil, "folder of a test with people's judgements, in BEIR's layout: corpus.jsonl, queries.jsonl, qrels.tsv (may be given again)")
	f.Uint64Var(&r.seed, "seed", 42, "seed of the intervals")
}

// namedTest is a test with the name that it is shown by.
type namedTest struct {
	name string
	evaluate.Retrieval
}

// tests reads the tests, before anything is computed.
func (r *retrieval) tests(ctx context.Context, papers []corpus.Paper) (tests []namedTest, err error) {
	if n := min(r.titles, len(papers)); n > 0 {
		var titles, abstracts []string
		for _, p := range papers[:n] {
			titles, abstracts = append(titles, p.Title), append(abstracts, p.Abstract)
		}
		test, err := evaluate.KnownItems(titles, abstracts)
		if err != nil {
			return nil, err
		}
		tests = append(tests, namedTest{"titles", test})
	}
	for _, dir := range r.judged {
		test, err := evaluate.ReadJudged(ctx, dir)
		if err != nil {
			return nil, fmt.Errorf("--judged: %w", err)
		}
		tests = append(tests, namedTest{filepath.Base(dir), test})
	}
	return tests, nil
}

// each takes the measures of each question by a model, with progress on w.
func (t namedTest) each(ctx context.Context, w io.Writer, m *encoder, model string) ([]evaluate.Measures, error) {
	documents, err := m.embedAll(ctx, w, "test "+t.name+", "+model, t.Documents)
	if err != nil {
		return nil, err
	}
	queries, err := m.embed(ctx, t.Queries...)
	if err != nil {
		return nil, err
	}
	return t.Each(ctx, queries, documents)
}

// outcome is what a test showed.
type outcome struct {
	test          namedTest
	paired        []evaluate.Paired
	better, worse []evaluate.Changed
}

func (t namedTest) hold(ctx context.Context, w io.Writer, tuned, base *encoder, seed uint64) (outcome, error) {
	before, err := t.each(ctx, w, base, "baseline")
	if err != nil {
		return outcome{}, err
	}
	after, err := t.each(ctx, w, tuned, "fine-tuned")
	if err != nil {
		return outcome{}, err
	}
	o := outcome{test: t}
	o.better, o.worse = t.Changes(before, after)
	o.paired, err = evaluate.Pair(ctx, before, after, bootstrap.Bootstrap{Seed: seed})
	return o, err
}

// print shows an outcome, with at most so many questions that got better and that got worse.
func (o outcome) print(w io.Writer, most int, asJSON bool) error {
	if asJSON {
		return o.printJSON(w, most)
	}
	fmt.Fprintf(w, "\nRetrieval, %s: %d questions, %d documents\n", o.test.name, len(o.test.Queries), len(o.test.Documents))
	fmt.Fprintf(w, "%-12s %9s %10s %11s  95 %% interval\n", "", "baseline", "fine-tuned", "difference")
	for _, p := range o.paired {
		fmt.Fprintf(w, "%-12s %9.4f %10.4f %+11.4f  %+.4f to %+.4f\n", p.Measure, p.Before, p.After, p.Difference.Mean, p.Difference.Low, p.Difference.High)
	}
	_, err := fmt.Fprintf(w, "%d questions got better, %d worse (nDCG@10)\n", len(o.better), len(o.worse))
	for _, side := range [][]evaluate.Changed{o.better, o.worse} {
		for _, c := range side[:min(most, len(side))] {
			_, err = fmt.Fprintf(w, "  %+.4f  %s\n", c.After-c.Before, shorten(c.Query, 100))
		}
	}
	return err
}

func (o outcome) printJSON(w io.Writer, most int) error {
	for _, p := range o.paired {
		line := struct {
			Test    string `json:"test"`
			Queries int    `json:"queries"`
			evaluate.Paired
		}{o.test.name, len(o.test.Queries), p}
		if err := console.JSON(w, line); err != nil {
			return err
		}
	}
	for _, side := range [][]evaluate.Changed{o.better, o.worse} {
		for _, c := range side[:min(most, len(side))] {
			line := struct {
				Test string `json:"test"`
				evaluate.Changed
			}{o.test.name, c}
			if err := console.JSON(w, line); err != nil {
				return err
			}
		}
	}
	return nil
}
