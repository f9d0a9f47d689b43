package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/kernel/interp/symbols/bind"
)

// buildCommand builds a kernel whose cells may import more packages.
func buildCommand() *cobra.Command {
	var with []string
	var source, out string
	cmd := &cobra.Command{
		Use:   "build --with MODULE[@VERSION]",
		Short: "Build a kernel whose cells may import more packages",
		Long: `Build a kernel with all packages of further Go modules bound, so that cells may import them: of a module by its path, in the
newest version or a given one, or of one in a folder. It needs Go and the sources of Paperlab, which stay as they are.`,
		Example: `  paperlab kernel build --with github.com/montanaflynn/stats@v0.7.1 -o paperlab-stats
  ./paperlab-stats kernel install --as stats
  paperlab kernel build --with ./mymodule --with golang.org/x/text`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if source == "" {
				var err error
				if source, err = bind.SourceTree(); err != nil {
					return fmt.Errorf("kernel build: %w", err)
				}
			}
			build := bind.Build{Source: source, Main: ".", With: with, Tags: "native", Output: out, Log: cmd.ErrOrStderr()}
			bound, err := build.Run(cmd.Context())
			if err != nil {
				return fmt.Errorf("kernel build: %w", err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\nbinds %d more packages; %s kernel install makes it Jupyter's\n", out, len(bound), out)
			return err
		},
	}
	cmd.Flags().StringArrayVar(&with, "with", nil, "module to bind: MODULE, MODULE@VERSION or a folder (may be repeated)")
	cmd.Flags().StringVar(&source, "source", "", "folder of Paperlab's sources (default: where this executable was built)")
	cmd.Flags().StringVarP(&out, "out", "o", "./paperlab-kernel", "executable to write")
	if err := cmd.MarkFlagRequired("with"); err != nil {
		panic(err) // the flag was declared above
	}
	return cmd
}
