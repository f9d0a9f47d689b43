package cli

import (
	"context"
	"errors"
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
		Long: `Score texts against references as rouge_score does, one text a line of each file (- is standard input), and print the means
as a JSON object; with --each, one object a pair.`,
		Example: `  paperlab rouge --refs references.txt --preds summaries.txt --stem
  paperlab rouge --refs references.txt --preds - --each < summaries.txt`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if refs == "-" && preds == "-" {
				return console.Usage(errors.New("rouge: only one of --refs and --preds can be standard input"))
			}
			scores, err := scoreFiles(cmd.Context(), refs, preds, cmd.InOrStdin(), stem)
			if err != nil {
				return fmt.Errorf("rouge: %w", err)
			}
			return printScores(cmd.OutOrStdout(), scores, each)
		},
	}
	cmd.Flags().StringVar(&refs, "refs", "", "file of reference texts, one a line")
	cmd.Flags().StringVar(&preds, "preds", "", "file of predicted texts, one a line")
	cmd.Flags().BoolVar(&stem, "stem", false, "compare word stems (Porter's)")
	cmd.Flags().BoolVar(&each, "each", false, "print one object a pair instead of the means")
	_, _ = cmd.MarkFlagRequired("refs"), cmd.MarkFlagRequired("preds") // which exist
	return cmd
}

// scoreFiles compares two files line by line.
func scoreFiles(ctx context.Context, refs, preds string, stdin io.Reader, stem bool) ([]rouge.Scores, error) {
	references, err := readTexts(ctx, refs, stdin)
	if err != nil {
		return nil, err
	}
	predictions, err := readTexts(ctx, preds, stdin)
	if err != nil {
		return nil, err
	}
	if len(references) != len(predictions) {
		return nil, console.Hint(fmt.Errorf("%s has %d lines, %s has %d", refs, len(references), preds, len(predictions)), "they are compared line by line")
	}
	if len(references) == 0 {
		return nil, fmt.Errorf("%s and %s hold no lines", refs, preds)
	}
	scorer := rouge.Scorer{Stem: stem}
	return scorer.ScoreAll(ctx, references, predictions)
}

func printScores(w io.Writer, scores []rouge.Scores, each bool) error {
	if !each {
		return console.JSON(w, rouge.Mean(scores))
	}
	for _, s := range scores {
		if err := console.JSON(w, s); err != nil {
			return err
		}
	}
	return nil
}

// readTexts reads the lines of a file; "-" is standard input.
func readTexts(ctx context.Context, path string, stdin io.Reader) ([]string, error) {
	r, name := stdin, "standard input"
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r, name = f, path
	}
	var texts []string
	err := Texts(ctx, r, func(text string) error {
		texts = append(texts, text)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return texts, nil
}
