package compute

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus/dataset"
	"paperlab/lib/hub"
	"paperlab/lib/summarize"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/tokenize"
)

// initialisation is the verb that makes a model with random weights.
type initialisation struct {
	on         machine
	seed       int64
	tokenizer  string
	vocabulary int
}

func initialise() *cobra.Command {
	var v initialisation
	cmd := &cobra.Command{
		Use:   "init CONFIG DIR",
		Short: cli.Short("init"),
		Long: `Make a T5 model with random weights from a named configuration: flan-t5-small, t5-tiny, ...
Its tokenizer is copied from --tokenizer, or trained on Go's own documentation.`,
		Example: `  paperlab init t5-tiny ./tiny --seed 42
  paperlab init flan-t5-small ./small --tokenizer ../shared/data/tokenizer-t5`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error { return v.run(cmd, args[0], args[1]) },
	}
	cmd.Flags().Int64Var(&v.seed, "seed", 42, "seed of the weights")
	cmd.Flags().StringVar(&v.tokenizer, "tokenizer", "", "folder or name of a model whose tokenizer is copied (default: one is trained)")
	cli.Count(cmd, &v.vocabulary, "vocabulary", 4000, 1, "pieces of a tokenizer that is trained")
	v.on.deviceFlag(cmd)
	return cmd
}

func (v *initialisation) run(cmd *cobra.Command, name, dir string) error {
	cfg, err := t5.Named(name)
	if err != nil {
		return console.Usage(err)
	}
	device, err := tensor.ParseDevice(v.on.device)
	if err != nil {
		return console.Usage(fmt.Errorf("--device: %w", err))
	}
	// config.json is what a model's folder has last.
	if _, err := os.Stat(filepath.Join(dir, "config.json")); err == nil {
		return console.Hint(fmt.Errorf("init: %s already holds a model", dir), "name another folder, or remove it first")
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("init: %w", err)
	}
	tok, err := v.newTokenizer(cmd.Context())
	if err != nil {
		return err
	}
	m, err := summarize.New(cfg, tok, device, v.seed)
	if err != nil {
		return err
	}
	defer m.Close()
	if err := m.Save(dir); err != nil {
		return fmt.Errorf("init: %w", err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s with %d random weights and %d tokens\n", dir, name, m.Parameters().Len(), tok.VocabSize())
	return err
}

// newTokenizer loads the tokenizer that is given, or trains one on the embedded corpus.
func (v *initialisation) newTokenizer(ctx context.Context) (*tokenize.Tokenizer, error) {
	if v.tokenizer != "" {
		dir, err := hub.Default().Resolve(v.tokenizer)
		if err != nil {
			return nil, err
		}
		return summarize.LoadTokenizer(dir)
	}
	papers, err := dataset.Papers(ctx, dataset.Godoc, 0, nil)
	if err != nil {
		return nil, err
	}
	return summarize.TrainTokenizer(ctx, papers, v.vocabulary)
}
