package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/hub"
)

// Fetch returns the verb that brings a model or a data set from the hub into the cache.
func Fetch() *cobra.Command {
	var revision string
	cmd := &cobra.Command{
		Use:   "fetch MODEL|DATASET",
		Short: "Bring a model or a data set from the hub into the cache",
		Long: `Bring a model's weights, configuration and tokenizer, or the files of a data set, from the Hugging Face hub into its cache,
which Python's libraries share. What is there is not downloaded again, what was interrupted goes on, and every file is checked.
Prints the folder. Data sets are datasets/ORGANISATION/NAME, or hf://datasets/ORGANISATION/NAME[@REVISION]/PATH for a part of one,
which --data of other verbs takes too; scientific_papers/arxiv is the study's, converted to Parquet by the hub.`,
		Example: `  paperlab fetch google/flan-t5-small
  paperlab fetch scientific_papers/arxiv
  paperlab fetch hf://datasets/allenai/scitldr@~parquet/Abstract
  HF_ENDPOINT=https://mirror.example paperlab fetch sentence-transformers/all-MiniLM-L6-v2`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] == "arxiv" {
				return arxivSnapshot()
			}
			shown := transfer{cmd: cmd, label: args[0]}
			defer shown.end()
			path, err := hub.Default().Fetch(cmd.Context(), args[0], revision, shown.progress)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), path)
			return err
		},
	}
	cmd.Flags().StringVar(&revision, "revision", "", "branch, tag or commit (default main)")
	return cmd
}

// arxivSnapshot says how to get what no program may download for its user.
func arxivSnapshot() error {
	const file = "arxiv-metadata-oai-snapshot.json"
	return console.Hint(errors.New("fetching arxiv: the arXiv metadata snapshot is on Kaggle, which gives it to people who log in"),
		"download https://www.kaggle.com/datasets/Cornell-University/arxiv (or `kaggle datasets download Cornell-University/arxiv`), unzip it, put "+
			file+" into the current folder, and name it: --data "+file)
}

// transfer shows one bar for all files.
type transfer struct {
	cmd   *cobra.Command
	label string
	bar   *console.Progress
}

func (t *transfer) progress(done, total int64) {
	if t.bar == nil {
		t.bar = console.NewProgress(t.cmd.ErrOrStderr(), time.Now, console.Task{Label: t.label, Unit: "byte", Total: total, Done: done})
	}
	t.bar.Set(done)
}

func (t *transfer) end() {
	if t.bar != nil {
		t.bar.End()
		t.bar = nil
	}
}
