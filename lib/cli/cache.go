package cli

import (
	"github.com/spf13/cobra"
)

// Cache returns the verb that looks after the hub's cache.
func Cache() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "Models and data sets that were fetched: list them, remove some",
		Long: `List the models and data sets in the Hugging Face hub's cache, which Python's libraries share, and remove some. What Paperlab keeps
for itself, so as not to work it out again, is there too: paperlab/tokens, of papers that a model learned from; paperlab/hashes, of
models; paperlab/pdfium, the reader of PDF files.`,
		Example: `  paperlab cache ls
  paperlab cache rm google/flan-t5-small paperlab/tokens`,
	}
	cmd.AddCommand(cacheLs(), cacheRm())
	return cmd
}
