package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/hub"
)

// cacheRm removes a repository or a revision.
func cacheRm() *cobra.Command {
	return &cobra.Command{
		Use:   "rm REPOSITORY[@REVISION]...",
		Short: "Remove models and data sets from the cache, or single revisions",
		Long: `Remove models and data sets from the cache, all of them or a revision (a branch, a tag or a whole commit); files that another
revision needs stay. What Paperlab keeps for itself goes by the name that ` + "`paperlab cache ls`" + ` gives it. Asks nothing, and says what
it freed; ` + "`paperlab fetch`" + `, or the next call that needs it, brings everything back.`,
		Example: `  paperlab cache rm google/flan-t5-small
  paperlab cache rm paperlab/tokens
  paperlab cache rm datasets/armanc/scientific_papers@refs/convert/parquet`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cache := hub.Default()
			for _, name := range args {
				remove := func() (int64, error) { return cache.Remove(name) }
				if own, ok := ownCache(name); ok {
					remove = own.clear
				}
				freed, err := remove()
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s: removed, %s MB freed\n", name, megabytes(freed))
			}
			return nil
		},
	}
}
