package compute

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
	"paperlab/lib/corpus/godoc"
	"paperlab/lib/search"
	"paperlab/lib/sentence"
	"paperlab/lib/train"
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
  paperlab eval search --titles 1000 --judged beir/scifact --similarity stsb/test.csv --record held-out --plots plots`,
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
	// A folder that cannot be written is better known before the work than after it.
	if v.plots != "" {
		if err := os.MkdirAll(v.plots, 0o755); err != nil {
			return fmt.Errorf("--plots: %w", err)
		}
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
	c, err := compare(ctx, tuned, base, v.text)
	if err != nil {
		return err
	}
	if err := c.print(out, v.json); err != nil {
		return err
	}
	sides, err := v.answer(cmd, tuned, base, papers)
	if err != nil {
		return err
	}
	var outcomes []outcome
	for _, test := range tests {
		o, err := test.hold(ctx, cmd.ErrOrStderr(), tuned, base, v.retrieval.seed)
		if err != nil {
			return err
		}
		if err := o.print(out, v.top, v.json); err != nil {
			return err
		}
		outcomes = append(outcomes, o)
	}
	return v.report(ctx, c, sides, outcomes)
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
		h.Rank, h.Similarity, shorten(h.Title, 300), strings.TrimSuffix(shorten(h.Abstract, 300), "..."), strings.Repeat("=", 100))
	return err
}

// report keeps what was found as a run, and writes the plots, where that is asked for.
func (v *evalSearch) report(ctx context.Context, c comparison, sides []titles, outcomes []outcome) error {
	kept, drawn := v.name != "" && v.keep != nil, v.plots != ""
	if (!kept && !drawn) || v.draw.Bars == nil {
		return nil
	}
	e := Evaluation{Name: v.name, Params: v.params(len(sides[0].papers)), Metrics: c.metrics()}
	for _, o := range outcomes {
		maps.Copy(e.Metrics, o.Metrics(o.name+"/"))
		if len(o.Questions) > 0 {
			table := train.Tabled{Key: o.name + "/questions"}
			table.Columns, table.Rows = o.Rows()
			e.Tables = append(e.Tables, table)
		}
		bars, err := o.picture(v.draw)
		if err != nil {
			return err
		}
		e.Pictures = append(e.Pictures, bars)
	}
	for _, side := range sides {
		pictures, err := side.pictures(v.draw)
		if err != nil {
			return err
		}
		e.Pictures = append(e.Pictures, pictures...)
	}
	if drawn {
		if err := e.write(v.plots); err != nil {
			return fmt.Errorf("--plots: %w", err)
		}
	}
	if kept {
		return v.keep(ctx, e)
	}
	return nil
}

// params are what a tracker keeps beside the figures.
func (v *evalSearch) params(papers int) map[string]any {
	return map[string]any{
		"task": "eval search", "model": v.model, "baseline": v.baseline, "data": v.from.path, "papers": papers, "query": v.question(),
		"titles": v.retrieval.titles, "judged": strings.Join(v.retrieval.judged, " "), "reranking": strings.Join(v.retrieval.reranking, " "),
		"similarity": strings.Join(v.retrieval.similarity, " "), "seed": v.retrieval.seed, "precision": v.on.precision,
	}
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

// metrics are the figures as a tracker keeps them.
func (c comparison) metrics() map[string]float64 {
	return map[string]float64{"cosine": c.Cosine, "total_parameter_change": c.Change, "parameter_change_norm": c.ChangeNorm}
}

func (c comparison) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return console.JSON(w, c)
	}
	_, err := fmt.Fprintf(w, "Cosine of the two embeddings of %q: %.4f\nTotal Parameter Change: %.6f (L2 norm %.6f)\n", c.Text, c.Cosine, c.Change, c.ChangeNorm)
	return err
}
