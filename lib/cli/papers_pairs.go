package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
	"paperlab/lib/corpus/pairs"
)

// pairing is the verb that shows the pairs that a training of the search would learn from.
type pairing struct {
	data, rule     string
	limit, n, show int
	seed           uint64
	json           bool
}

func papersPairs() *cobra.Command {
	var v pairing
	cmd := &cobra.Command{
		Use:   "pairs",
		Short: "Show the pairs of texts that a search model would learn from",
		Long: `Clean the titles and abstracts of papers by the study's three expressions, and pair them: study (papers of exactly the same categories, each
with the next of at most 200 drawn at random), title (a title and its abstract) or category (two papers of one main category).`,
		Example: `  paperlab papers pairs --data arxiv.jsonl --show 5
  paperlab papers pairs --data arxiv.jsonl --pairs title --json > pairs.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return v.run(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&v.data, "data", dataset.Godoc, "papers, as train search takes them")
	Count(cmd, &v.limit, "limit", 20000, 0, "papers to read, the first of the file (0: all)")
	f.StringVar(&v.rule, "pairs", pairs.Study, "what makes a pair: "+strings.Join(pairs.Rules(), ", "))
	Count(cmd, &v.n, "per-group", 200, 1, "papers drawn from one group of categories, at most")
	Count(cmd, &v.show, "show", 5, 0, "pairs to show")
	f.Uint64Var(&v.seed, "seed", 42, "seed of what is drawn")
	f.BoolVar(&v.json, "json", false, "print all pairs, one JSON object a line, instead")
	return cmd
}

func (v *pairing) run(cmd *cobra.Command) error {
	if err := pairs.CheckRule(v.rule); err != nil {
		return console.Usage(fmt.Errorf("--%w", err))
	}
	skip := func(e *corpus.LineError) { fmt.Fprintf(cmd.ErrOrStderr(), "skipped %v\n", e) }
	papers, err := dataset.Papers(cmd.Context(), v.data, v.limit, skip)
	if err != nil {
		return err
	}
	made, err := pairs.By(v.rule, pairs.CleanAll(papers), pairs.Options{PerGroup: v.n, Seed: v.seed})
	if err != nil {
		return err
	}
	if v.json {
		for _, pair := range made {
			if err := console.JSON(cmd.OutOrStdout(), pair); err != nil {
				return err
			}
		}
		return nil
	}
	return v.print(cmd.OutOrStdout(), made)
}

// print shows pairs as the study does.
func (v *pairing) print(w io.Writer, made []pairs.Pair) error {
	cut := func(text string) string {
		runes := []rune(text)
		return string(runes[:min(300, len(runes))]) + "..."
	}
	for i, pair := range made[:min(v.show, len(made))] {
		_, err := fmt.Fprintf(w, "**Pair %d**\n**Text 1:** %s\n**Text 2:** %s\n%s\n", i+1, cut(pair.Text1), cut(pair.Text2), strings.Repeat("=", 100))
		if err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d pairs\n", len(made))
	return err
}
