package compute

import (
	"errors"
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
	to       visitors // where it is served; no address: nowhere
}

func summarizeCommand(open Open) *cobra.Command {
	var v summarizing
	cmd := &cobra.Command{
		Use:   "summarize FILE...",
		Short: cli.Short("summarize"),
		Long: `Summarise texts: a file is one text, a PDF too; of a file of papers (.jsonl, .csv, .tsv, plain or .gz, or .parquet) each
article is one; - is standard input, one text a line. The flags of the search are those of Transformers' generate with dashes; the defaults are the study's.

With --serve the model stays and answers POST /api/summarize, {"text": "..."}, as --json prints it, one text at a time. Beyond this
machine it wants a token, which --token or PAPERLAB_TOKEN gives, or which is made and printed.`,
		Example: `  paperlab summarize --model model_checkpoints/fine_tuned_summarization_model paper.pdf
  head -n 1 articles.txt | paperlab summarize --model ./tiny --num-beams 1 --min-length 5 --json -
  paperlab summarize --model ./tiny --serve 127.0.0.1:7274`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, files []string) error { return v.run(cmd, files, open) },
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
	cmd.Flags().StringVar(&v.to.addr, "serve", "", "address, such as 127.0.0.1:7274, at which to answer requests in place of files")
	v.to.tokenFlag(cmd)
	return cmd
}

func (v *summarizing) run(cmd *cobra.Command, files []string, open Open) error {
	if (v.to.addr == "") == (len(files) == 0) {
		return console.Usage(errors.New("summarize: files, - for standard input, or --serve ADDR: give one of them"))
	}
	if err := v.how.validate(); err != nil {
		return err
	}
	m, err := loadSummarizer(v.model, v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	if v.to.addr != "" {
		return v.serve(cmd, open, m)
	}
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
