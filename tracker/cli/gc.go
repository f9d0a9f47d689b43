package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"paperlab/tracker"
)

func gcCommand() *cobra.Command {
	var flags common
	var age time.Duration
	cmd := &cobra.Command{
		Use:   "gc",
		Short: "Empty the bin and give its space back",
		Long: `Remove for good the runs that were put into the bin by "paperlab runs rm", and the artifacts that no run has any
more, and give their space back to the disk. It cannot be undone.`,
		Example: `  paperlab runs gc
  paperlab runs gc --older-than 720h`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if age < 0 {
				return usageError{fmt.Errorf("runs gc --older-than %v: it is negative", age)}
			}
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				// What was put there in this millisecond is meant too.
				gone, err := store.GC(cmd.Context(), time.Now().Add(time.Millisecond-age))
				if err != nil {
					return err
				}
				if flags.json {
					return printJSON(cmd, struct {
						Runs   int   `json:"runs"`
						Points int64 `json:"points"`
						Bytes  int64 `json:"bytes"`
					}{gone.Runs, gone.Points, gone.Bytes})
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "removed %s with %s; %.1f MB are free again\n",
					counted(int64(gone.Runs), "run"), counted(gone.Points, "point"), float64(gone.Bytes)/1e6)
				return err
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().DurationVar(&age, "older-than", 0, "only what has been in the bin for so long")
	return cmd
}
