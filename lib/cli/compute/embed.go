package compute

import (
	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/hub"
	"paperlab/lib/sentence"
	"paperlab/lib/tensor"
)

// embed returns the verb that embeds texts.
func embed() *cobra.Command {
	var on machine
	var model string
	cmd := &cobra.Command{
		Use:     "embed",
		Short:   cli.Short("embed"),
		Long:    "Embed texts, one a line on standard input, one JSON object a line on standard output.",
		Example: `  echo "general relativity" | paperlab embed --model all-MiniLM-L6-v2`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, precision, err := loadSentence(model, on)
			if err != nil {
				return err
			}
			defer m.Close()
			return cli.Texts(cmd.InOrStdin(), func(text string) error {
				embedding, err := m.Encode(cmd.Context(), []string{text}, sentence.Options{Precision: precision})
				if err != nil {
					return err
				}
				return console.JSON(cmd.OutOrStdout(), struct {
					Embedding []float32 `json:"embedding"`
				}{embedding})
			})
		},
	}
	on.flags(cmd)
	cmd.Flags().StringVar(&model, "model", "all-MiniLM-L6-v2", "folder or name of the sentence-embedding model")
	return cmd
}

// loadSentence loads a model by folder or name onto the device of the flags.
func loadSentence(name string, on machine) (*sentence.Model, tensor.DType, error) {
	device, precision, err := on.prepare()
	if err != nil {
		return nil, precision, err
	}
	dir, err := hub.Default().Resolve(name)
	if err != nil {
		return nil, precision, err
	}
	m, err := sentence.Load(dir, device)
	return m, precision, err
}
