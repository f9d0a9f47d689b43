package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/tracker"
)

func backupCommand() *cobra.Command {
	var flags common
	cmd := &cobra.Command{
		Use:   "backup DEST",
		Short: "Copy the database while it is in use",
		Long: `Copy the database, with its artifacts, into a new SQLite file, as it is at one moment while others go on writing. A file that
exists is not overwritten. A database on a PostgreSQL server is copied into an SQLite file too.`,
		Example: `  paperlab runs backup paperlab-$(date +%F).db
  paperlab runs ls --db paperlab-2026-03-14.db`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				if err := store.Backup(cmd.Context(), args[0]); err != nil {
					return err
				}
				if flags.json {
					return printJSON(cmd, map[string]string{"path": args[0]})
				}
				_, err := fmt.Fprintln(cmd.OutOrStdout(), args[0])
				return err
			})
		},
	}
	flags.add(cmd)
	return cmd
}
