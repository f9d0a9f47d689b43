package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/figure"
	"paperlab/tracker/runs"
)

// plotCommand draws runs into a file.
func plotCommand() *cobra.Command {
	var flags common
	var options figure.Options
	var kind, out string
	cmd := &cobra.Command{
		Use:   "plot RUN... -o FILE",
		Short: "Draw the curves of runs: loss, learning rate, gradient norm, memory",
		Long: `Draw the curves of runs into a PNG, SVG or PDF file. A RUN is an ID, the beginning of one, or a name: then the run of that
name that started last.`,
		Example: `  paperlab plot summarize -o loss.svg
  paperlab plot summarize search --kind learning-rate -o rates.png`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usageError{errors.New("plot: want a file: -o loss.png, .svg or .pdf")}
			}
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				ids := make([]string, len(args))
				for i, what := range args {
					var err error
					if ids[i], err = runs.Find(cmd.Context(), store, what); err != nil {
						return err
					}
				}
				if err := figure.Save(cmd.Context(), store, figure.Kind(kind), ids, options, out); err != nil {
					return err
				}
				_, err := fmt.Fprintln(cmd.OutOrStdout(), out)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&flags.db, "db", "", "database (default: $PAPERLAB_DB, or the nearest paperlab.db up to the repository's root)")
	cmd.Flags().StringVarP(&out, "out", "o", "", "file to write, .png, .svg or .pdf")
	cmd.Flags().StringVar(&kind, "kind", string(figure.Loss), fmt.Sprintf("what to draw, of %v", figure.Kinds()))
	cmd.Flags().StringVar(&options.Title, "title", "", "title above the plot")
	cmd.Flags().Float64Var(&options.Smoothing, "smoothing", 0, "weight of TensorBoard's smoothing, 0 to less than 1")
	cmd.Flags().BoolVar(&options.Epochs, "epochs", false, "count epochs instead of steps")
	cmd.Flags().BoolVar(&options.LogY, "log", false, "logarithmic vertical axis")
	return cmd
}
