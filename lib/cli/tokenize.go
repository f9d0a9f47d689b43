package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/hub"
	"paperlab/lib/tokenize"
)

// Tokenize returns the verb that turns texts into token ids.
func Tokenize() *cobra.Command {
	var model string
	var maxLength int
	cmd := &cobra.Command{
		Use:   "tokenize --model DIR",
		Short: "Turn texts into token ids, one text a line on standard input",
		Long: `Turn texts into token ids, one text a line on standard input, one JSON object a line on standard output.
Ids carry the model's special tokens and are cut at --max-length: by default the model's own
(max_seq_length of sentence_bert_config.json, else model_max_length of tokenizer_config.json, else none).`,
		Example: `  echo "Attention is all you need." | paperlab tokenize --model all-MiniLM-L6-v2
  paperlab tokenize --model ./tiny --max-length 256 < articles.txt > ids.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := hub.Default().Resolve(model)
			if err != nil {
				return err
			}
			tok, err := tokenize.Load(dir)
			if err != nil {
				return err
			}
			if !cmd.Flags().Changed("max-length") {
				maxLength = tok.MaxLength()
			}
			return printIDs(cmd, tok, maxLength)
		},
	}
	cmd.Flags().StringVar(&model, "model", "", "folder with tokenizer.json, spiece.model or vocab.txt, or a model's name")
	Count(cmd, &maxLength, "max-length", 0, 0, "most tokens a text, special ones included (default: the model's; 0: no limit)")
	_ = cmd.MarkFlagRequired("model") // which exists
	return cmd
}

// printIDs writes the ids and the tokens of each line of standard input.
func printIDs(cmd *cobra.Command, tok *tokenize.Tokenizer, maxLength int) error {
	err := Texts(cmd.Context(), cmd.InOrStdin(), func(text string) error {
		ids := tok.Encode(text, maxLength)
		return console.JSON(cmd.OutOrStdout(), struct {
			IDs    []int    `json:"ids"`
			Tokens []string `json:"tokens"`
		}{ids, tok.Tokens(ids)})
	})
	if err != nil {
		return fmt.Errorf("tokenize: standard input: %w", err)
	}
	return nil
}
