package cli

import "github.com/spf13/cobra"

// KernelCommand returns the verb kernel with those under it: install, uninstall, build, and run as the caller has it, since
// that needs the interpreter.
func KernelCommand(run *cobra.Command) *cobra.Command {
	group := &cobra.Command{
		Use:   "kernel",
		Short: "Install the notebook kernel for Jupyter, run it, or build one that knows more packages",
		Example: `  paperlab kernel install
  paperlab kernel install --sys-prefix --as gophernotes
  paperlab kernel build --with github.com/montanaflynn/stats
  paperlab kernel uninstall`,
	}
	group.AddCommand(installKernel(), uninstallKernel(), buildCommand(), run)
	return group
}
