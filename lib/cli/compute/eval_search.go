package compute

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
	"paperlab/lib/corpus/godoc"
	"paperlab/lib/search"
	"paperlab/lib/sentence"
)

// The study's own texts.
const (
	comparedText = "Artificial Intelligence in Healthcare"
	studyQuery   = "Give me some papers that talk about Albert Einstein and Theory of Relativity"
)

// evalSearch is the verb that holds a fine-tuned model against its baseline, as the study does.
type evalSearch struct {
	on              machine
	from            data
	model, baseline string
	query, text     string
	limit, top      int
	retrieval       retrieval
	json            bool
}

func evalSearchCommand() *cobra.Command {
	var v evalSearch
	cmd := &cobra.Command{
		Use:   "search",
		Short: "Hold a fine-tuned search model against its baseline",
		Long: `Hold a fine-tuned search model against its baseline: the cosine of both embeddings of a text, the change of the parameters,
and the best papers of each for one query, by the cosine with their titles. Then whether it finds more: the measures of
Sentence-Transformers' InformationRetrievalEvaluator of both, on titles that have to find their abstracts and on tests that people judged,
with intervals of the difference (paired bootstrap) and the questions that changed most.`,
		Example: `  paperlab eval search --model model_checkpoints/fine_tuned_search_model --baseline all-MiniLM-L6-v2
  paperlab eval search --data arxiv.jsonl --limit 5000 --query "gravitational lensing" -k 10 --json
  paperlab eval search --titles 1000 --judged beir/scifact`,
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
	v.retrieval.flags(cmd)
	return cmd
}

func (v *evalSearch) run(cmd *cobra.Command) error {
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	papers, err := v.from.first(ctx, v.limit, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	if papers, err = searchable(papers); err != nil {
		return fmt.Errorf("%s: %w", v.from.path, err)
	}
	tests, err := v.retrieval.tests(ctx, papers)
	if err != nil {
		return err
	}
	tuned, err := loadEncoder(v.model, v.on)
	if err != nil {
		return err
	}
	defer tuned.Close()
	base, err := loadEncoder(v.baseline, v.on)
	if err != nil {
		return err
	}
	defer base.Close()
	c, err := compare(ctx, tuned, base, v.text)
	if err != nil {
		return err
	}
	if err := c.print(out, v.json); err != nil {
		return err
	}
	if err := v.answer(cmd, tuned, base, papers); err != nil {
		return err
	}
	for _, test := range tests {
		o, err := test.hold(ctx, cmd.ErrOrStderr(), tuned, base, v.retrieval.seed)
		if err != nil {
			return fmt.Errorf("%s: %w", test.name, err)
		}
		if err := o.print(out, v.top, v.json); err != nil {
			return err
		}
	}
	return nil
}

// answer shows each model's best papers for the question.
func (v *evalSearch) answer(cmd *cobra.Command, tuned, base *encoder, papers []corpus.Paper) error {
	out, query := cmd.OutOrStdout(), v.question()
	for _, side := range []struct {
		name    string
		encoder *encoder
	}{{"fine-tuned", tuned}, {"baseline", base}} {
		hits, err := v.best(cmd.Context(), cmd.ErrOrStderr(), side.encoder, side.name, papers, query)
		if err != nil {
			return err
		}
		if !v.json {
			fmt.Fprintf(out, "\nThe %s model's best for %q:\n", side.name, query)
		}
		for _, h := range hits {
			if err := h.print(out, v.json); err != nil {
				return err
			}
		}
	}
	return nil
}

// question is what to look for.
func (v *evalSearch) question() string {
	if v.from.path == dataset.Godoc {
		return cmp.Or(v.query, godoc.SampleQuery)
	}
	return cmp.Or(v.query, studyQuery)
}

// best returns the papers whose titles are nearest to the query, with progress on w.
func (v *evalSearch) best(ctx context.Context, w io.Writer, m *encoder, name string, papers []corpus.Paper, query string) ([]hit, error) {
	titles := make([]string, len(papers))
	for i, p := range papers {
		titles[i] = p.Title
	}
	vectors, err := m.embedAll(ctx, w, "titles, "+name, titles)
	if err != nil {
		return nil, err
	}
	asked, err := m.embed(ctx, cli.ValidText(query))
	if err != nil {
		return nil, err
	}
	found, err := search.Best(asked, vectors, papers, v.top)
	if err != nil {
		return nil, err
	}
	var hits []hit
	for _, h := range found {
		hits = append(hits, hit{Model: name, Hit: h})
	}
	return hits, nil
}

// comparison is how far a fine-tuned model is from its baseline.
type comparison struct {
	Text       string  `json:"text"`
	Cosine     float64 `json:"cosine"` // of its two embeddings
	Change     float64 `json:"total_parameter_change"`
	ChangeNorm float64 `json:"parameter_change_norm"`
}

func compare(ctx context.Context, tuned, base *encoder, text string) (comparison, error) {
	a, err := tuned.embed(ctx, text)
	if err != nil {
		return comparison{}, err
	}
	b, err := base.embed(ctx, text)
	if err != nil {
		return comparison{}, err
	}
	sum, norm, err := sentence.Change(tuned.Model, base.Model)
	return comparison{text, sentence.Cosine(a, b), sum, norm}, err
}

func (c comparison) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return console.JSON(w, c)
	}
	_, err := fmt.Fprintf(w, "Cosine of the two embeddings of %q: %.4f\nTotal Parameter Change: %.6f (L2 norm %.6f)\n", c.Text, c.Cosine, c.Change, c.ChangeNorm)
	return err
}
