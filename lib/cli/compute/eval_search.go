package compute

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/corpus/godoc"
	"paperlab/lib/sentence"
)

// The study's own texts.
const (
	comparedText = "Artificial Intelligence in Healthcare"
	studyQuery   = "Give me some papers that talk about Albert Einstein and Theory of Relativity"
)

// evalSearch returns the verb that holds a fine-tuned model against its baseline, as the study does.
func evalSearch() *cobra.Command {
	var on machine
	var from data
	var model, baseline, query, text string
	var limit, k int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "search",
		Short: "Hold a fine-tuned search model against its baseline",
		Long: `Hold a fine-tuned search model against its baseline: the cosine of both embeddings of a text, the change of the parameters,
and the best papers of each for one query, titles only, by cosine.`,
		Example: `  paperlab eval search --model model_checkpoints/fine_tuned_search_model --baseline all-MiniLM-L6-v2`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if query == "" {
				query = studyQuery
				if from.path == embedded {
					query = godoc.SampleQuery
				}
			}
			tuned, precision, err := loadSentence(model, on)
			if err != nil {
				return err
			}
			defer tuned.Close()
			base, _, err := loadSentence(baseline, on)
			if err != nil {
				return err
			}
			defer base.Close()
			comparison, err := compare(cmd, tuned, base, text)
			if err != nil {
				return err
			}
			if err := comparison.print(cmd, asJSON); err != nil {
				return err
			}
			papers, err := from.first(cmd.Context(), cmd, limit)
			if err != nil {
				return err
			}
			var titles []string
			var kept []paper
			for _, p := range papers {
				if p.Title != "" && p.Abstract != "" {
					titles, kept = append(titles, p.Title), append(kept, paper{p.ID, p.Title, p.Abstract})
				}
			}
			if len(titles) == 0 {
				return nonEmpty("search", nil)
			}
			for _, side := range []struct {
				name  string
				model *sentence.Model
			}{{"Fine-Tuned Model Results", tuned}, {"Baseline Model Results", base}} {
				options := sentence.Options{Precision: precision}
				vectors, err := encode(cmd, side.model, titles, options)
				if err != nil {
					return err
				}
				asked, err := side.model.Encode(cmd.Context(), []string{query}, options)
				if err != nil {
					return err
				}
				if !asJSON {
					fmt.Fprintf(cmd.OutOrStdout(), "\n%s for %q:\n", side.name, query)
				}
				for rank, hit := range sentence.Best(asked, vectors, k) {
					if err := printHit(cmd, rank+1, hit.Similarity, kept[hit.Index], asJSON); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}
	on.flags(cmd)
	from.flags(cmd)
	cmd.Flags().StringVar(&model, "model", "model_checkpoints/fine_tuned_search_model", "folder of the fine-tuned model")
	cmd.Flags().StringVar(&baseline, "baseline", "all-MiniLM-L6-v2", "folder or name of the model it was made from")
	cmd.Flags().IntVar(&limit, "limit", 20000, "papers to search, at most (0: all)")
	cmd.Flags().StringVar(&query, "query", "", "what to look for (default: the study's question, or one for Go's documentation)")
	cmd.Flags().StringVar(&text, "text", comparedText, "text whose two embeddings are compared")
	cmd.Flags().IntVarP(&k, "top", "k", 5, "papers to show of each model")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON objects: the comparison, then one a paper")
	return cmd
}

type comparison struct {
	Text       string  `json:"text"`
	Cosine     float64 `json:"cosine"`
	Change     float64 `json:"total_parameter_change"`
	ChangeNorm float64 `json:"parameter_change_norm"`
}

func compare(cmd *cobra.Command, tuned, base *sentence.Model, text string) (comparison, error) {
	a, err := tuned.Encode(cmd.Context(), []string{text}, sentence.Options{})
	if err != nil {
		return comparison{}, err
	}
	b, err := base.Encode(cmd.Context(), []string{text}, sentence.Options{})
	if err != nil {
		return comparison{}, err
	}
	sum, norm, err := sentence.Change(tuned, base)
	return comparison{text, sentence.Cosine(a, b), sum, norm}, err
}

func (c comparison) print(cmd *cobra.Command, asJSON bool) error {
	if asJSON {
		return console.JSON(cmd.OutOrStdout(), c)
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "Cosine of the two embeddings of %q: %.4f\nTotal Parameter Change: %.6f (L2 norm %.6f)\n", c.Text, c.Cosine, c.Change, c.ChangeNorm)
	return err
}
