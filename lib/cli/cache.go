package cli

import (
	"github.com/spf13/cobra"
)

// Cache returns the verb that looks after the hub's cache.
func Cache() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "Models and data sets that were fetched: list them, remove some",
		Long:  "List the models and data sets in the Hugging Face hub's cache, which Python's libraries share, and remove some.",
		Example: `  paperlab cache ls
  paperlab cache rm google/flan-t5-small`,
	}
	cmd.AddCommand(cacheLs(), cacheRm())
	return cmd
}
