package compute

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	bootstrap "paperlab/lib/evaluate"
	"paperlab/lib/sentence/evaluate"
)

// retrieval is the flags of the tests that tell whether a fine-tuned model finds more than its baseline.
type retrieval struct {
	titles                        int
	judged, reranking, similarity []string
	seed                          uint64
}

func (r *retrieval) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	cli.Count(cmd, &r.titles, "titles", 500, 0, "papers whose titles have to find their abstracts, the first ones (0: leave this test out)")
	f.StringArrayVar(&r.judged, "judged", nil, "folder of a test with people's judgements, in BEIR's layout: corpus.jsonl, queries.jsonl, qrels.tsv (may be given again)")
	f.StringArrayVar(&r.reranking, "reranking", nil, "file of questions whose candidates are to be put in order, in SciRepEval's layout: query, candidates with title, abstract and score (may be given again)")
	f.StringArrayVar(&r.similarity, "similarity", nil, "CSV file of pairs of texts and how alike people found them, as the STS benchmark comes (may be given again)")
	f.Uint64Var(&r.seed, "seed", 42, "seed of the intervals")
}

// heldTest is a test that holds two models against each other.
type heldTest interface {
	Hold(ctx context.Context, before, after evaluate.Encoder, b bootstrap.Bootstrap) (evaluate.Outcome, error)
}

// namedTest is a test with the name that it is shown by.
type namedTest struct {
	name string
	heldTest
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
	for _, kind := range []struct {
		flag, wants string
		paths       []string
		read        func(path string) (heldTest, error)
	}{
		{"--judged", "a folder with corpus.jsonl, queries.jsonl and qrels.tsv is needed, as BEIR has them", r.judged,
			func(path string) (heldTest, error) { return evaluate.ReadJudged(ctx, path) }},
		{"--reranking", "JSON lines of query and candidates are needed, as SciRepEval has them", r.reranking,
			func(path string) (heldTest, error) { return evaluate.ReadReranking(path) }},
		{"--similarity", "lines of text,text,score are needed, as the STS benchmark has them", r.similarity,
			func(path string) (heldTest, error) { return evaluate.ReadSimilarity(path) }},
	} {
		for _, path := range kind.paths {
			test, err := kind.read(path)
			if err != nil {
				return nil, console.Hint(fmt.Errorf("%s: %w", kind.flag, err), kind.wants)
			}
			name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
			if slices.ContainsFunc(tests, func(t namedTest) bool { return t.name == name }) {
				return nil, console.Usage(fmt.Errorf("%s %s: another test is named %s, too", kind.flag, path, name))
			}
			tests = append(tests, namedTest{name, test})
		}
	}
	return tests, nil
}

// outcome is what a test showed.
type outcome struct {
	name string
	evaluate.Outcome
}

// hold holds two models against each other, with progress on w.
func (t namedTest) hold(ctx context.Context, w io.Writer, tuned, base *encoder, seed uint64) (outcome, error) {
	by := func(m *encoder, model string) evaluate.Encoder {
		return func(ctx context.Context, texts []string) ([]float32, error) {
			return m.embedAll(ctx, w, "test "+t.name+", "+model, texts)
		}
	}
	o, err := t.Hold(ctx, by(base, "baseline"), by(tuned, "fine-tuned"), bootstrap.Bootstrap{Seed: seed})
	if err != nil {
		return outcome{}, fmt.Errorf("%s: %w", t.name, err)
	}
	return outcome{t.name, o}, nil
}

// print shows an outcome, with at most so many questions that got better and that got worse.
func (o outcome) print(w io.Writer, most int, asJSON bool) error {
	if asJSON {
		return o.printJSON(w, most)
	}
	questions := ""
	if len(o.Questions) > 0 {
		questions = fmt.Sprintf("%d questions, ", len(o.Questions))
	}
	fmt.Fprintf(w, "\nTest %s: %s%d texts\n", o.name, questions, o.Texts)
	header, rows := o.Table()
	if err := console.Table(w, header, rows); err != nil || len(o.Questions) == 0 {
		return err
	}
	better, worse := o.Better(), o.Worse()
	_, err := fmt.Fprintf(w, "%d questions got better, %d worse (nDCG@10)\n", len(better), len(worse))
	for _, side := range [][]evaluate.Changed{better, worse} {
		for _, c := range side[:min(most, len(side))] {
			_, err = fmt.Fprintf(w, "  %+.4f  %s\n", c.After-c.Before, shorten(c.Query, 100))
		}
	}
	return err
}

func (o outcome) printJSON(w io.Writer, most int) error {
	for _, p := range o.Measures {
		line := struct {
			Test    string `json:"test"`
			Queries int    `json:"queries"`
			evaluate.Paired
		}{o.name, len(o.Questions), p}
		if err := console.JSON(w, line); err != nil {
			return err
		}
	}
	for _, side := range [][]evaluate.Changed{o.Better(), o.Worse()} {
		for _, c := range side[:min(most, len(side))] {
			line := struct {
				Test string `json:"test"`
				evaluate.Changed
			}{o.name, c}
			if err := console.JSON(w, line); err != nil {
				return err
			}
		}
	}
	return nil
}
