package compute

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
	"paperlab/lib/corpus/godoc"
	"paperlab/lib/search"
)

// The study's own texts.
const (
	comparedText = "Artificial Intelligence in Healthcare"
	studyQuery   = "Give me some papers that talk about Albert Einstein and Theory of Relativity"
)

// evalSearch is the verb that holds a fine-tuned model against its baseline, as the study does.
type evalSearch struct {
	keep            Keep
	draw            Drawing
	on              machine
	from            data
	model, baseline string
	query, text     string
	limit, top      int
	retrieval       retrieval
	name, plots     string // of the run, and of the folder of pictures; empty for none
	json            bool
}

func evalSearchCommand(keep Keep, draw Drawing) *cobra.Command {
	v := evalSearch{keep: keep, draw: draw}
	cmd := &cobra.Command{
		Use:   "search",
		Short: "Hold a fine-tuned search model against its baseline",
		Long: `Hold a fine-tuned search model against its baseline: the cosine of both embeddings of a text, the change of the parameters,
and the best papers of each for one query, by the cosine with their titles. Then whether it finds more: the measures of
Sentence-Transformers' InformationRetrievalEvaluator of both, on titles that have to find their abstracts and on tests that people judged,
with intervals of the difference (paired bootstrap) and the questions that changed most.

With --record NAME the measures, a table of all questions and the plots become a run; --plots DIR writes the plots as PNG files: bars of the
measures, a map of the papers' titles, and how similar the first ones are to each model.`,
		Example: `  paperlab eval search --model model_checkpoints/fine_tuned_search_model --baseline all-MiniLM-L6-v2
  paperlab eval search --data arxiv.jsonl --limit 5000 --query "gravitational lensing" -k 10 --json
  paperlab eval search --titles 1000 --judged beir/scifact --similarity stsb/test.csv --record held-out --plots pictures`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return v.run(cmd) },
	}
	v.on.flags(cmd)
	v.from.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&v.model, "model", "model_checkpoints/fine_tuned_search_model", "folder of the fine-tuned model")
	f.StringVar(&v.baseline, "baseline", "all-MiniLM-L6-v2", "folder or name of the model it was made from")
	limitFlag(cmd, &v.limit)
	f.StringVar(&v.query, "query", "", "what to look for (default: the study's question, or one for Go's documentation)")
	f.StringVar(&v.text, "text", comparedText, "text whose two embeddings are compared")
	topFlag(cmd, &v.top, "papers to show of each model")
	f.BoolVar(&v.json, "json", false, "print JSON objects: the comparison, one a paper, then of each test one a measure and one a question")
	f.StringVar(&v.name, "record", "", "keep the measures, the questions and the plots as a run of this name")
	f.StringVar(&v.plots, "plots", "", "folder to write the plots to, as PNG files")
	v.retrieval.flags(cmd)
	return cmd
}

func (v *evalSearch) run(cmd *cobra.Command) error {
	papers, tests, err := v.read(cmd)
	if err != nil {
		return err
	}
	tuned, err := loadEncoder(v.model, v.on)
	if err != nil {
		return console.Hint(err, "paperlab train search makes a model, --model names it")
	}
	defer tuned.Close()
	base, err := loadEncoder(v.baseline, v.on)
	if err != nil {
		return err
	}
	defer base.Close()
	c, err := compare(cmd.Context(), tuned, base, v.text)
	if err != nil {
		return err
	}
	if err := c.print(cmd.OutOrStdout(), v.json); err != nil {
		return err
	}
	sides, err := v.answer(cmd, tuned, base, papers)
	if err != nil {
		return err
	}
	var outcomes []outcome
	for _, test := range tests {
		o, err := test.hold(cmd.Context(), cmd.ErrOrStderr(), tuned, base, v.retrieval.seed)
		if err != nil {
			return err
		}
		if err := o.print(cmd.OutOrStdout(), v.top, v.json); err != nil {
			return err
		}
		outcomes = append(outcomes, o)
	}
	return v.report(cmd.Context(), c, sides, outcomes)
}

// read reads the papers and the tests, and makes the folder of the plots: what is wrong with them is better known before the work.
func (v *evalSearch) read(cmd *cobra.Command) ([]corpus.Paper, []namedTest, error) {
	papers, err := v.from.first(cmd.Context(), v.limit, cmd.ErrOrStderr())
	if err != nil {
		return nil, nil, err
	}
	if papers, err = searchable(papers); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", v.from.path, err)
	}
	if v.plots != "" {
		if err := os.MkdirAll(v.plots, 0o755); err != nil {
			return nil, nil, fmt.Errorf("--plots: %w", err)
		}
	}
	tests, err := v.retrieval.tests(cmd.Context(), papers)
	return papers, tests, err
}

// answer shows each model's best papers for the question, and returns the vectors of their titles.
func (v *evalSearch) answer(cmd *cobra.Command, tuned, base *encoder, papers []corpus.Paper) (sides []titles, err error) {
	out, query := cmd.OutOrStdout(), v.question()
	for _, side := range []struct {
		name, heading string
		encoder       *encoder
	}{{"fine-tuned", "Fine-Tuned", tuned}, {"baseline", "Baseline", base}} {
		hits, vectors, err := v.best(cmd.Context(), cmd.ErrOrStderr(), side.encoder, side.name, papers, query)
		if err != nil {
			return nil, err
		}
		sides = append(sides, titles{side.name, papers, vectors})
		if !v.json {
			fmt.Fprintf(out, "\n**%s Model Results** for %q:\n", side.heading, query)
		}
		for _, h := range hits {
			if err := v.printHit(out, h); err != nil {
				return nil, err
			}
		}
	}
	return sides, nil
}

// printHit shows a paper as the study does.
func (v *evalSearch) printHit(w io.Writer, h hit) error {
	if v.json {
		return h.print(w, true)
	}
	_, err := fmt.Fprintf(w, "**Rank %d** (Similarity: %.4f)\n**Title:** %s\n**Abstract:** %s...\n%s\n",
		h.Rank, h.Similarity, shorten(h.Title, 300), strings.TrimSuffix(shorten(h.Abstract, 300), "…"), strings.Repeat("=", 100))
	return err
}

// question is what to look for.
func (v *evalSearch) question() string {
	if v.from.path == dataset.Godoc {
		return cmp.Or(v.query, godoc.SampleQuery)
	}
	return cmp.Or(v.query, studyQuery)
}

// best returns the papers whose titles are nearest to the query, and the vectors of all titles, with progress on w.
func (v *evalSearch) best(ctx context.Context, w io.Writer, m *encoder, name string, papers []corpus.Paper, query string) (hits []hit, vectors []float32, err error) {
	texts := make([]string, len(papers))
	for i, p := range papers {
		texts[i] = p.Title
	}
	if vectors, err = m.embedAll(ctx, w, "titles, "+name, texts); err != nil {
		return nil, nil, err
	}
	asked, err := m.embed(ctx, cli.ValidText(query))
	if err != nil {
		return nil, nil, err
	}
	found, err := search.Best(asked, vectors, papers, v.top)
	if err != nil {
		return nil, nil, err
	}
	for _, h := range found {
		hits = append(hits, hit{Model: name, Hit: h})
	}
	return hits, vectors, nil
}
