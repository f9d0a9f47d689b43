package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func finishCommand() *cobra.Command {
	var flags common
	var status string
	cmd := &cobra.Command{
		Use:   "finish RUN",
		Short: "End a run that no process owns any more",
		Long:  `End a run that no process owns any more. RUN is an ID, the beginning of one, or a name: then the run of that name that started last.`,
		Example: `  paperlab runs finish 01k0z6v8mhk2t6gq6v0wz3n5tb
  paperlab runs finish baseline --status failed`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			end, err := tracker.ParseStatus(status)
			if err != nil || end == tracker.Running || end == tracker.Crashed {
				return usageError{fmt.Errorf("runs finish --status %q: want finished, failed or killed", status)}
			}
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				id, err := runs.Find(cmd.Context(), store, args[0])
				if err != nil {
					return err
				}
				run, err := runs.Attach(cmd.Context(), store, id)
				if err != nil {
					return err
				}
				if err := run.Finish(cmd.Context(), end); err != nil || !flags.json {
					return err
				}
				return show(cmd, store, id, true)
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&status, "status", string(tracker.Finished), "finished, failed or killed")
	return cmd
}
