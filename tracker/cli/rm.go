package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func removeCommand() *cobra.Command {
	var flags common
	var force bool
	cmd := &cobra.Command{
		Use:   "rm RUN...",
		Short: "Put runs into the bin, from which runs restore brings them back",
		Long:  `Put runs into the bin, from which "paperlab runs restore" brings them back until "paperlab runs gc" empties it.` + naming,
		Example: `  paperlab runs rm baseline
  paperlab runs ls --deleted`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				ids, err := findAll(cmd, store, args)
				if err != nil {
					return err
				}
				for _, id := range ids {
					if err := remove(cmd, store, id, force); err != nil {
						return err
					}
					if err := flags.done(cmd, store, id, "deleted"); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&force, "force", false, "also runs that are still running: what they go on to log is kept, in the bin")
	return cmd
}

// remove puts a run into the bin. One that is there already stays as it is.
func remove(cmd *cobra.Command, store tracker.Store, id string, force bool) error {
	// A run whose process is gone is no longer running.
	if _, err := runs.Get(cmd.Context(), store, id); err != nil {
		return err
	}
	_, err := store.UpdateRun(cmd.Context(), id, func(run *tracker.Run) error {
		if !run.Status.Ended() && !force {
			return &tracker.Error{Op: "delete run", On: id, Err: tracker.ErrRunning, Advice: "runs finish ends it; --force deletes it all the same"}
		}
		if run.Deleted.IsZero() {
			run.Deleted = time.Now()
		}
		return nil
	})
	return err
}

// done says what was done with a run.
func (c *common) done(cmd *cobra.Command, store tracker.Store, id, what string) error {
	if c.json {
		return show(cmd, store, id, true)
	}
	_, err := fmt.Fprintln(cmd.OutOrStdout(), what, id)
	return err
}
