package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func diffCommand() *cobra.Command {
	var flags common
	cmd := &cobra.Command{
		Use:   "diff RUN RUN",
		Short: "Show how two runs differ in what made them, as diff -u does",
		Long: `Show how two runs differ in what made them, as diff -u does: command, commit and machine, parameters, versions, uncommitted
changes, and the cells of a notebook. Nothing is printed of what agrees.` + naming,
		Example: `  paperlab runs diff baseline tuned
  paperlab runs diff latest 'best(eval/loss)' --json`,
		Args: usage(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				differences, err := runs.Diff(cmd.Context(), store, args[0], args[1])
				if err != nil {
					return err
				}
				for _, d := range differences {
					if err := printDifference(cmd, d, flags.json); err != nil {
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

func printDifference(cmd *cobra.Command, d runs.Difference, asJSON bool) error {
	if !asJSON {
		_, err := fmt.Fprint(cmd.OutOrStdout(), d.Unified)
		return err
	}
	return printJSON(cmd, struct {
		Part string `json:"part"`
		Diff string `json:"diff"`
	}{d.Part, d.Unified})
}
