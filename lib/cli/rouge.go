package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/rouge"
)

// Rouge returns the verb that scores predictions against references, one text a line of each file.
func Rouge() *cobra.Command {
	var refs, preds string
	var stem, each bool
	cmd := &cobra.Command{
		Use:   "rouge --refs FILE --preds FILE",
		Short: "Score texts against references: ROUGE-1, 2, L and Lsum",
		Long:  "Score texts against references as rouge_score does, one text a line of each file (- is standard input), and print the means.",
		Example: `  paperlab rouge --refs references.txt --preds summaries.txt --stem
  paperlab rouge --refs references.txt --preds - --each < summaries.txt`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if refs == "" || preds == "" {
				return console.Usage(fmt.Errorf("rouge needs --refs FILE and --preds FILE"))
			}
			references, err := readTexts(refs, cmd.InOrStdin())
			if err != nil {
				return err
			}
			predictions, err := readTexts(preds, cmd.InOrStdin())
			if err != nil {
				return err
			}
			if len(references) != len(predictions) {
				return fmt.Errorf("rouge: %s has %d lines, %s has %d: they are compared line by line", refs, len(references), preds, len(predictions))
			}
			scorer := rouge.Scorer{Stem: stem}
			scores, err := scorer.ScoreAll(cmd.Context(), references, predictions)
			if err != nil {
				return err
			}
			if !each {
				return console.JSON(cmd.OutOrStdout(), rouge.Mean(scores))
			}
			for _, s := range scores {
				if err := console.JSON(cmd.OutOrStdout(), s); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&refs, "refs", "", "file of reference texts, one a line")
	cmd.Flags().StringVar(&preds, "preds", "", "file of predicted texts, one a line")
	cmd.Flags().BoolVar(&stem, "stem", false, "compare word stems (Porter's)")
	cmd.Flags().BoolVar(&each, "each", false, "print one object a pair instead of the means")
	return cmd
}

// readTexts reads the lines of a file; "-" is standard input.
func readTexts(path string, stdin io.Reader) ([]string, error) {
	r := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	var texts []string
	err := Texts(r, func(text string) error {
		texts = append(texts, text)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return texts, nil
}
