package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/hub"
)

// Fetch returns the verb that brings a model from the hub into the cache.
func Fetch() *cobra.Command {
	var revision string
	cmd := &cobra.Command{
		Use:   "fetch MODEL",
		Short: "Bring a model from the hub into the cache",
		Long: `Bring a model's weights, configuration and tokenizer from the Hugging Face hub into its cache, which Python's libraries share.
What is there is not downloaded again, what was interrupted goes on, and every file is checked. Prints the model's folder.`,
		Example: `  paperlab fetch google/flan-t5-small
  HF_ENDPOINT=https://mirror.example paperlab fetch sentence-transformers/all-MiniLM-L6-v2`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			shown := download{cmd: cmd}
			defer shown.end()
			dir, err := hub.Default().Fetch(cmd.Context(), args[0], revision, shown.progress)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), dir)
			return err
		},
	}
	cmd.Flags().StringVar(&revision, "revision", "main", "branch, tag or commit")
	return cmd
}

// download shows one bar a file.
type download struct {
	cmd  *cobra.Command
	file string
	bar  *console.Progress
}

func (d *download) progress(file string, done, total int64) {
	if file != d.file {
		d.end()
		d.file = file
		d.bar = console.NewProgress(d.cmd.ErrOrStderr(), time.Now, console.Task{Label: file, Unit: "byte", Total: total, Done: done})
	}
	d.bar.Set(done)
}

func (d *download) end() {
	if d.bar != nil {
		d.bar.End()
	}
}
