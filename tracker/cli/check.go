package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/tracker"
)

func checkCommand() *cobra.Command {
	var flags common
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Look for damage in the database",
		Long: `Read the whole database and its artifacts, and print what is wrong, a line each. The exit status is 0 if nothing is. With
--json each line is an object with the key problem.`,
		Example: `  paperlab runs check
  paperlab runs check --db backup.db`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				problems, err := store.Check(cmd.Context())
				if err != nil {
					return err
				}
				for _, problem := range problems {
					if flags.json {
						err = printJSON(cmd, map[string]string{"problem": problem})
					} else {
						_, err = fmt.Fprintln(cmd.OutOrStdout(), problem)
					}
					if err != nil {
						return err
					}
				}
				if len(problems) > 0 {
					return &tracker.Error{
						Op: "check database", Err: fmt.Errorf("%w: %d problems", tracker.ErrCorrupt, len(problems)),
						Advice: "restore a backup, or copy what can be read with: paperlab runs backup DEST",
					}
				}
				if !flags.json {
					_, err = fmt.Fprintln(cmd.OutOrStdout(), "nothing is wrong")
				}
				return err
			})
		},
	}
	flags.add(cmd)
	return cmd
}
