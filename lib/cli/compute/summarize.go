package compute

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/generate"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/tokenize"
)

// summarize returns the verb that writes summaries of texts.
func summarize() *cobra.Command {
	var (
		on       machine
		model    = summarizer{}
		beams    generate.Config
		maxInput int
		asJSON   bool
	)
	cmd := &cobra.Command{
		Use:   "summarize FILE...",
		Short: cli.Short("summarize"),
		Long: `Summarise texts: each file is one text; - is standard input, one text a line.
The flags of the search are those of Transformers' generate with dashes; the defaults are the study's.`,
		Example: `  paperlab summarize --model model_checkpoints/fine_tuned_summarization_model paper.txt
  head -n 1 articles.txt | paperlab summarize --model ./tiny --num-beams 1 --json -`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			device, precision, err := on.prepare()
			if err != nil {
				return err
			}
			m, tok, err := model.load(device)
			if err != nil {
				return err
			}
			defer m.Close()
			return eachText(cmd.InOrStdin(), files, func(text string) error {
				answer, err := summarizeOne(cmd.Context(), m, tok, model.how.Prefix+text, maxInput, beams, device, precision)
				if err != nil {
					return err
				}
				if asJSON {
					return console.JSON(cmd.OutOrStdout(), answer)
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), answer.Text)
				return err
			})
		},
	}
	on.flags(cmd)
	generationFlags(cmd, &beams)
	cmd.Flags().StringVar(&model.model, "model", "google/flan-t5-small", "folder or name of the T5 model")
	cmd.Flags().StringVar(&model.how.Prefix, "prefix", "summarize: ", "put before each text")
	cmd.Flags().IntVar(&maxInput, "max-input", 1024, "tokens of a text, at most")
	cmd.Flags().BoolVar(&asJSON, "json", false, `print {"text", "ids", "seconds"} a text`)
	return cmd
}

type summary struct {
	Text    string  `json:"text"`
	IDs     []int   `json:"ids"`
	Seconds float64 `json:"seconds"`
}

func summarizeOne(ctx context.Context, m *t5.Model, tok *tokenize.Tokenizer, text string, maxInput int, cfg generate.Config, device tensor.Device, precision tensor.DType) (summary, error) {
	begin := time.Now()
	var out []generate.Sequence
	err := tensor.Autocast(device, precision, func() (err error) {
		out, err = generate.Generate(ctx, m, [][]int{tok.Encode(text, maxInput)}, cfg)
		return err
	})
	if err != nil {
		return summary{}, err
	}
	return summary{tok.Decode(out[0].IDs, true), out[0].IDs, time.Since(begin).Seconds()}, nil
}

// eachText calls do with each file's text, and with each line of standard input for "-".
func eachText(stdin io.Reader, files []string, do func(text string) error) error {
	for _, file := range files {
		if file == "-" {
			if err := cli.Texts(stdin, do); err != nil {
				return fmt.Errorf("standard input: %w", err)
			}
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := do(cli.ValidText(string(data))); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}
