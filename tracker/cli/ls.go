package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func listCommand() *cobra.Command {
	var flags common
	var filter tracker.RunFilter
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List runs, the newest first",
		Example: `  paperlab runs ls --project summarize
  paperlab runs ls --json`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := runs.OpenExisting(cmd.Context(), flags.db)
			if errors.Is(err, tracker.ErrNotFound) {
				// Where nothing was ever logged there are no runs: that is an answer.
				_, err = fmt.Fprintln(cmd.ErrOrStderr(), "no runs yet:", err)
				return err
			}
			return use(store, err, func(store tracker.Store) error {
				if flags.json {
					return listJSON(cmd, store, filter)
				}
				table, err := runs.Table(cmd.Context(), store, filter, runs.Last("train/loss"), runs.Min("eval/loss"))
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), table)
				return err
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&filter.Project, "project", "", "only runs of this project")
	return cmd
}

func listJSON(cmd *cobra.Command, store tracker.Store, filter tracker.RunFilter) error {
	summaries, err := runs.List(cmd.Context(), store, filter)
	if err != nil {
		return err
	}
	for _, summary := range summaries {
		if err := printJSON(cmd, newRunJSON(summary)); err != nil {
			return err
		}
	}
	return nil
}
