package cli

import (
	"time"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func restoreCommand() *cobra.Command {
	var flags common
	cmd := &cobra.Command{
		Use:   "restore RUN...",
		Short: "Bring runs back that runs rm put into the bin",
		Long:  `Bring runs back that "paperlab runs rm" put into the bin. RUN is an ID, the beginning of one, or a name.`,
		Example: `  paperlab runs ls --deleted
  paperlab runs restore baseline`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				for _, what := range args {
					id, err := runs.FindDeleted(cmd.Context(), store, what)
					if err != nil {
						return err
					}
					if _, err := store.UpdateRun(cmd.Context(), id, func(run *tracker.Run) error {
						run.Deleted = time.Time{}
						return nil
					}); err != nil {
						return err
					}
					if err := flags.done(cmd, store, id, "restored"); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	flags.add(cmd)
	return cmd
}
