package compute

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/hub"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/tokenize"
)

// initialise returns the verb that makes a model with random weights.
func initialise() *cobra.Command {
	var seed int64
	var tokenizer, device string
	var vocabulary int
	cmd := &cobra.Command{
		Use:   "init CONFIG DIR",
		Short: cli.Short("init"),
		Long: `Make a T5 model with random weights from a named configuration: flan-t5-small, t5-tiny, ...
Its tokenizer is copied from --tokenizer, or trained on Go's own documentation.`,
		Example: `  paperlab init t5-tiny ./tiny --seed 42
  paperlab init flan-t5-small ./small --tokenizer ../shared/data/tokenizer-t5`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			name, dir := args[0], args[1]
			cfg, err := t5.Named(name)
			if err != nil {
				return console.Usage(err)
			}
			d, err := tensor.ParseDevice(device)
			if err != nil {
				return err
			}
			if _, err := os.Stat(filepath.Join(dir, "config.json")); err == nil {
				return console.Hint(fmt.Errorf("init: %s already holds a model", dir), "name another folder, or remove it first")
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			tok, err := vocabularyOf(cmd.Context(), tokenizer, vocabulary, dir)
			if err != nil {
				return err
			}
			// Rows past the tokenizer's own ids are never used, but a multiple of 128 is what the published T5 has.
			cfg.VocabSize = int64(tok.VocabSize()+127) / 128 * 128
			model, err := t5.New(cfg, d, seed)
			if err != nil {
				return err
			}
			defer model.Close()
			if err := model.Save(dir); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %s with %d random weights and %d tokens\n", dir, name, model.Parameters().Len(), tok.VocabSize())
			return nil
		},
	}
	cmd.Flags().Int64Var(&seed, "seed", 42, "seed of the weights")
	cmd.Flags().StringVar(&tokenizer, "tokenizer", "", "folder whose tokenizer the model gets (default: one trained on Go's documentation)")
	cmd.Flags().IntVar(&vocabulary, "vocabulary", 4000, "pieces of a tokenizer that is trained")
	cmd.Flags().StringVar(&device, "device", "auto", "auto, cpu, cuda or cuda:N")
	return cmd
}

// vocabularyOf puts a tokenizer into dir, a given one or one trained on the embedded corpus, and loads it from there.
func vocabularyOf(ctx context.Context, given string, size int, dir string) (*tokenize.Tokenizer, error) {
	if given == "" {
		tok, err := trainVocabulary(ctx, size)
		if err != nil {
			return nil, err
		}
		return tok, tok.Save(dir)
	}
	from, err := hub.Default().Resolve(given)
	if err != nil {
		return nil, err
	}
	tok, err := tokenize.Load(from)
	if err != nil {
		return nil, err
	}
	return tok, tok.Save(dir)
}

func trainVocabulary(ctx context.Context, size int) (*tokenize.Tokenizer, error) {
	papers, err := documentation(ctx)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, p := range papers {
		texts = append(texts, p.Abstract, p.Article)
	}
	return tokenize.TrainT5(ctx, slices.Values(texts), size)
}
