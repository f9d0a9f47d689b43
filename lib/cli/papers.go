package cli

import "github.com/spf13/cobra"

// Papers returns the verb that prepares collections of papers, step by step as the study does: cut them, look at them, pair them.
func Papers() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "papers",
		Short: "Collections of papers: cut them, look at them, pair them",
		Long: `Take the study's steps before a training one by one: truncate a snapshot, look at its columns, clean and pair its papers. The
trainings take the same steps by themselves (--limit, --pairs).`,
		Example: `  paperlab papers truncate arxiv-metadata-oai-snapshot.json model_checkpoints/truncated_arxiv.json --limit 20000
  paperlab papers show model_checkpoints/truncated_arxiv.json --columns title,abstract,categories --drop-empty
  paperlab papers pairs --data model_checkpoints/truncated_arxiv.json --show 5`,
	}
	cmd.AddCommand(papersTruncate(), papersShow(), papersPairs())
	return cmd
}
