package compute

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
)

// summarizing is the verb that writes summaries of texts.
type summarizing struct {
	on       machine
	model    string
	how      generation
	prefix   string
	maxInput int
	clean    bool
	json     bool
}

func summarizeCommand() *cobra.Command {
	var v summarizing
	cmd := &cobra.Command{
		Use:   "summarize FILE...",
		Short: cli.Short("summarize"),
		Long: `Summarise texts: a file is one text, a PDF too; of a file of papers (.jsonl, .csv, .tsv, plain or .gz, or .parquet) each
article is one; - is standard input, one text a line. The flags of the search are those of Transformers' generate with dashes; the defaults are the study's.`,
		Example: `  paperlab summarize --model model_checkpoints/fine_tuned_summarization_model paper.pdf
  head -n 1 articles.txt | paperlab summarize --model ./tiny --num-beams 1 --min-length 5 --json -`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error { return v.run(cmd, files) },
	}
	v.on.flags(cmd)
	v.how.flags(cmd)
	t5Flag(cmd, &v.model)
	prefixFlag(cmd, &v.prefix)
	cli.Count(cmd, &v.maxInput, "max-input", 1024, 0, "tokens of a text, at most (0: no limit)")
	cleanFlag(cmd, &v.clean)
	cli.Count(cmd, &v.how.NumReturnSequences, "num-return-sequences", 1, 1, "summaries of each text, the best of the beams or so many drawn")
	cmd.Flags().Int64Var(&v.how.Seed, "seed", 42, "seed of what --do-sample draws")
	cmd.Flags().BoolVar(&v.json, "json", false, `print {"text", "ids", "score", "seconds"} a summary`)
	return cmd
}

func (v *summarizing) run(cmd *cobra.Command, files []string) error {
	if err := v.how.validate(); err != nil {
		return err
	}
	m, err := loadSummarizer(v.model, v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	texts := articles{stdin: cmd.InOrStdin(), clean: v.clean}
	return texts.each(cmd.Context(), files, func(text string) error {
		all, err := m.Summaries(cmd.Context(), v.prefix+text, v.maxInput, v.how.Config)
		if err != nil {
			return err
		}
		for _, written := range all {
			if v.json {
				err = console.JSON(cmd.OutOrStdout(), written)
			} else {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), written.Text)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
