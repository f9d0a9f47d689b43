package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/figure"
	"paperlab/tracker/runs"
)

func compareCommand() *cobra.Command {
	var flags common
	var metrics []string
	var out string
	cmd := &cobra.Command{
		Use:   "compare RUN RUN...",
		Short: "Show runs side by side: the parameters that differ, and their metrics",
		Long: `Show runs side by side, one a column: the parameters that differ, and the last, smallest and largest value of each series.
With -o their curves are drawn over each other: of the one series named by --metrics, else the losses.` + naming,
		Example: `  paperlab runs compare baseline tuned
  paperlab runs compare latest 'best(eval/loss)' --metrics eval/loss -o eval-loss.svg`,
		Args: usage(cobra.MinimumNArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out != "" && len(metrics) > 1 {
				return usageError{errors.New("runs compare -o: a figure shows one series: name one by --metrics, or none for the losses")}
			}
			if err := figure.CheckName(out); out != "" && err != nil {
				return usageError{err}
			}
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				ids, err := findAll(cmd, store, args)
				if err != nil {
					return err
				}
				table, err := runs.CompareSeries(cmd.Context(), store, metrics, ids...)
				if err != nil {
					return err
				}
				if err := printComparison(cmd, table, flags.json); err != nil || out == "" {
					return err
				}
				if len(metrics) == 0 {
					return figure.Save(cmd.Context(), store, figure.Loss, ids, figure.Options{}, out)
				}
				p, err := figure.Series(cmd.Context(), store, metrics[0], ids, figure.Options{})
				if err != nil {
					return err
				}
				return figure.SaveAs(p, figure.Options{}, out)
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringSliceVar(&metrics, "metrics", nil, "keys of the series to show, separated by commas (default: all)")
	cmd.Flags().StringVarP(&out, "out", "o", "", "draw the curves into this file, .png, .svg or .pdf")
	return cmd
}

// printComparison prints a table, or with JSON one object a row: its name, and its values in the order of the runs.
func printComparison(cmd *cobra.Command, table *runs.View, asJSON bool) error {
	if !asJSON {
		_, err := fmt.Fprintln(cmd.OutOrStdout(), table)
		return err
	}
	for _, row := range table.Values {
		values := make([]any, len(row)-1)
		for i, value := range row[1:] {
			values[i] = cellJSON(value)
		}
		if err := printJSON(cmd, struct {
			Name   any   `json:"name"`
			Values []any `json:"values"`
		}{row[0], values}); err != nil {
			return err
		}
	}
	return nil
}

// naming says in the help of verbs how a run may be named.
const naming = `

RUN is an ID, the beginning of one, a name (of several, the run that started last), latest, best(eval/loss) or
best(rouge/rouge1, max).`

// findAll finds the IDs of runs.
func findAll(cmd *cobra.Command, store tracker.Store, named []string) ([]string, error) {
	ids := make([]string, len(named))
	for i, name := range named {
		var err error
		if ids[i], err = runs.Find(cmd.Context(), store, name); err != nil {
			return nil, err
		}
	}
	return ids, nil
}
