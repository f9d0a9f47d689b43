package cli

import "github.com/spf13/cobra"

// Notebook returns the verb nb with those under it: check, export, and run as the caller has it, since that needs the
// interpreter (see [NotebookRun]).
func Notebook(run *cobra.Command) *cobra.Command {
	group := &cobra.Command{
		Use:   "nb",
		Short: "Run, check and export notebooks without a browser",
		Example: `  paperlab nb run notebooks/summarize.ipynb -p epochs=1 -o out.ipynb
  paperlab nb check notebooks/*.ipynb
  paperlab nb export --html out.ipynb`,
	}
	group.AddCommand(run, checkNotebooks(), exportNotebook())
	return group
}
