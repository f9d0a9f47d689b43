package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/corpus/dataset"
)

// papersTruncate writes the first lines of a snapshot to a file of their own.
func papersTruncate() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "truncate FILE DEST",
		Short: "Write the first lines of a snapshot to a file of their own",
		Long: `Write the first lines of a file of JSON lines, plain or gzip, to DEST, as they stand; reading stops behind them, and memory does not grow with
either file. DEST appears whole or not at all.`,
		Example: `  paperlab papers truncate arxiv-metadata-oai-snapshot.json model_checkpoints/truncated_arxiv.json --limit 20000`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := dataset.Truncate(cmd.Context(), args[0], args[1], limit)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d records\n", args[1], n)
			return err
		},
	}
	Count(cmd, &limit, "limit", 20000, 1, "lines to write")
	return cmd
}
