package compute

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/summarize"
)

// summarizing is the verb that writes summaries of texts.
type summarizing struct {
	on       machine
	model    string
	how      generation
	prefix   string
	maxInput int
	clean    bool
	stream   bool
	json     bool
	to       visitors // where it is served; no address: nowhere
}

func summarizeCommand(open Open) *cobra.Command {
	var v summarizing
	cmd := &cobra.Command{
		Use:   "summarize FILE...",
		Short: cli.Short("summarize"),
		Long: `Summarise texts: a file is one text, a PDF too; of a file of papers (.jsonl, .json, .csv, .tsv, plain or .gz, or .parquet) each
article is one; - is standard input, one text a line. The flags of the search are those of Transformers' generate with dashes; the defaults are the study's.

With --stream the text appears as it is written, word by word, which only a search without beams can do (--num-beams 1); with
--json too, {"delta": "..."} comes before the summary for each piece of it.

With --serve the model stays and answers POST /api/summarize, {"text": "..."}, as --json prints it, one text at a time. Beyond this
machine it wants a token, which --token or PAPERLAB_TOKEN gives, or which is made and printed.`,
		Example: `  paperlab summarize --model model_checkpoints/fine_tuned_summarization_model paper.pdf
  head -n 1 articles.txt | paperlab summarize --model ./tiny --num-beams 1 --min-length 5 --json -
  paperlab summarize --model ./tiny --num-beams 1 --stream paper.txt
  paperlab summarize --model ./tiny --serve 127.0.0.1:7274`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, files []string) error { return v.run(cmd, files, open) },
	}
	v.on.flags(cmd)
	v.how.flags(cmd)
	t5Flag(cmd, &v.model)
	prefixFlag(cmd, &v.prefix)
	cli.Count(cmd, &v.maxInput, "max-input", 1024, 0, "tokens of a text, at most (0: no limit; the time grows with the square)")
	cleanFlag(cmd, &v.clean)
	cli.Count(cmd, &v.how.NumReturnSequences, "num-return-sequences", 1, 1, "summaries of each text, the best of the beams or so many drawn")
	cmd.Flags().Int64Var(&v.how.Seed, "seed", 42, "seed of what --do-sample draws")
	cmd.Flags().BoolVar(&v.stream, "stream", false, "show each summary as it is written (with --num-beams 1)")
	cmd.Flags().BoolVar(&v.json, "json", false, `print {"text", "ids", "score", "seconds"} a summary`)
	cmd.Flags().StringVar(&v.to.addr, "serve", "", "address, such as 127.0.0.1:7274, at which to answer requests in place of files")
	v.to.tokenFlag(cmd)
	return cmd
}

func (v *summarizing) run(cmd *cobra.Command, files []string, open Open) error {
	if (v.to.addr == "") == (len(files) == 0) {
		return console.Usage(errors.New("summarize: files, - for standard input, or --serve ADDR: give one of them"))
	}
	if err := v.validate(); err != nil {
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
		if v.stream {
			return v.tell(cmd.Context(), cmd.OutOrStdout(), m, text)
		}
		all, err := m.Summaries(cmd.Context(), v.prefix+text, v.maxInput, v.how.Config)
		if err != nil {
			return err
		}
		for _, written := range all {
			if err := v.print(cmd.OutOrStdout(), written); err != nil {
				return err
			}
		}
		return nil
	})
}

// validate finds wrong values before anything is computed.
func (v *summarizing) validate() error {
	if err := v.how.validate(); err != nil {
		return err
	}
	switch {
	case v.stream && v.to.addr != "":
		return console.Usage(errors.New("summarize: --stream is for files, not for --serve: give one of them"))
	case v.stream && (v.how.NumBeams > 1 || v.how.NumReturnSequences > 1):
		return console.Usage(console.Hint(
			fmt.Errorf("summarize: of %d beams and %d summaries a text none can be shown as it is written", v.how.NumBeams, v.how.NumReturnSequences),
			"add --num-beams 1 to --stream"))
	}
	return nil
}

func (v *summarizing) print(w io.Writer, written summarize.Summary) error {
	if v.json {
		return console.JSON(w, written)
	}
	_, err := fmt.Fprintln(w, written.Text)
	return err
}

// tell writes the summary of a text as it grows, whole words only: what follows may change a word that stands last.
func (v *summarizing) tell(ctx context.Context, w io.Writer, m *summarize.Model, text string) error {
	told := ""
	tell := func(sofar string) (err error) {
		delta, _ := strings.CutPrefix(sofar, told)
		if told = sofar; delta == "" {
			return nil
		}
		if v.json {
			return console.JSON(w, map[string]string{"delta": delta})
		}
		_, err = io.WriteString(w, delta)
		return err
	}
	written, err := m.Stream(ctx, v.prefix+text, v.maxInput, v.how.Config, func(sofar string) error {
		if end := strings.LastIndexByte(sofar, ' '); end > len(told) {
			return tell(sofar[:end])
		}
		return nil
	})
	if err == nil {
		err = tell(written.Text)
	}
	if v.json && err == nil {
		return console.JSON(w, written)
	}
	if !v.json && (told != "" || err == nil) { // a line that was begun ends, come what may
		_, errLine := fmt.Fprintln(w)
		err = errors.Join(err, errLine)
	}
	return err
}
