package compute

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
)

// embedBatch is how many waiting lines are embedded at once.
const embedBatch = 32

// embedCommand returns the verb that embeds texts.
func embedCommand() *cobra.Command {
	var on machine
	var model string
	cmd := &cobra.Command{
		Use:   "embed",
		Short: cli.Short("embed"),
		Long: `Embed texts, one a line on standard input, one JSON object a line on standard output, in the same order.
Lines that are waiting are embedded together; none is kept waiting for another.`,
		Example: `  echo "general relativity" | paperlab embed --model all-MiniLM-L6-v2
  paperlab embed --precision bf16 < titles.txt > vectors.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := loadEncoder(model, on)
			if err != nil {
				return err
			}
			defer m.Close()
			return m.printEmbeddings(cmd)
		},
	}
	on.flags(cmd)
	sentenceFlag(cmd, &model)
	return cmd
}

// printEmbeddings writes the embedding of each line of standard input.
func (e *encoder) printEmbeddings(cmd *cobra.Command) error {
	err := cli.Batches(cmd.Context(), cmd.InOrStdin(), embedBatch, func(texts []string) error {
		vectors, err := e.embed(cmd.Context(), texts...)
		if err != nil {
			return err
		}
		for i := range texts {
			err := console.JSON(cmd.OutOrStdout(), struct {
				Embedding []float32 `json:"embedding"`
			}{vectors[i*e.Dim() : (i+1)*e.Dim()]})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("embed: standard input: %w", err)
	}
	return nil
}
