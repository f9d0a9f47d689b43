package cli

import (
	"errors"
	"maps"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func tagCommand() *cobra.Command {
	var flags common
	var remove []string
	cmd := &cobra.Command{
		Use:   "tag RUN KEY=VALUE...",
		Short: "Set tags of a run, or take them away",
		Long:  `Set tags of a run, or take them away.` + naming,
		Example: `  paperlab runs tag baseline best=yes reviewed=2026-03-14
  paperlab runs tag baseline --remove best`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			tags, err := pairs("tag", args[1:], func(text string) string { return text })
			if err != nil {
				return err
			}
			if len(tags) == 0 && len(remove) == 0 {
				return usageError{errors.New("runs tag: want KEY=VALUE, or --remove KEY")}
			}
			return flags.change(cmd, args[0], func(run *tracker.Run) error {
				for _, key := range remove {
					delete(run.Tags, key)
				}
				maps.Copy(run.Tags, tags)
				return nil
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringArrayVar(&remove, "remove", nil, "key of a tag to take away; may be repeated")
	return cmd
}

// change alters a run, and prints it if JSON is asked for.
func (c *common) change(cmd *cobra.Command, what string, change func(*tracker.Run) error) error {
	return c.withExisting(cmd.Context(), func(store tracker.Store) error {
		id, err := runs.Find(cmd.Context(), store, what)
		if err != nil {
			return err
		}
		if _, err := store.UpdateRun(cmd.Context(), id, change); err != nil || !c.json {
			return err
		}
		return show(cmd, store, id, true)
	})
}
