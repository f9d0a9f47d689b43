package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/figure"
	"paperlab/tracker/runs"
)

// usualColumns are those of runs ls where none are chosen.
const usualColumns = `id, project, name, status, started, duration, last("train/loss") as "last train/loss", min("eval/loss") as "min eval/loss"`

func listCommand() *cobra.Command {
	var flags common
	var q runs.Query
	var out string
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List runs, the newest first",
		Long: `List runs, the newest first. Filter, sort, columns and groups are expressions as in Go about what a run has: its fields
(id, name, project, group, parent, status, started, ended, duration, notes, commit, host, ...), params.lr, tags.best, and last, min,
max, first, count and at of a series. What a run lacks makes a comparison false. With -o the runs are also drawn as lines across
the columns, in the colour of the last one (parallel coordinates).`,
		Example: `  paperlab runs ls --filter 'status == "finished" && params.lr <= 5e-5 && min("eval/loss") < 2.5'
  paperlab runs ls --sort '-max("rouge/rouge1")' --columns 'name, params.lr as lr, max("rouge/rouge1") as rouge1' --limit 10
  paperlab runs ls --filter 'started > ago("7d") && !has(tags.ignore)' --group params.lr --columns 'min("eval/loss")'
  paperlab runs ls --columns 'params.lr, params.batch_size, min("eval/loss")' -o sweep.svg
  paperlab runs ls --json`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if q.Limit < 0 {
				return usageError{fmt.Errorf("runs ls --limit %d: want a number of rows, or 0 for all", q.Limit)}
			}
			if out != "" && (q.Columns == "" || q.Group != "") {
				return usageError{errors.New("runs ls -o: want columns to draw, and no groups, as in --columns 'params.lr, min(\"eval/loss\")'")}
			}
			if err := figure.CheckName(out); out != "" && err != nil {
				return usageError{err}
			}
			store, err := runs.OpenExisting(cmd.Context(), flags.db)
			if errors.Is(err, tracker.ErrNotFound) {
				// Where nothing was ever logged there are no runs: that is an answer.
				_, err = fmt.Fprintln(cmd.ErrOrStderr(), "no runs yet:", err)
				return err
			}
			return use(store, err, func(store tracker.Store) error {
				if err := list(cmd, store, q, flags.json); err != nil || out == "" {
					return point(cmd, err)
				}
				p, err := figure.Parallel(cmd.Context(), store, q, figure.Options{})
				if err != nil {
					return err
				}
				return figure.SaveAs(p, figure.Options{}, out)
			})
		},
	}
	flags.add(cmd)
	addQuery(cmd, &q)
	cmd.Flags().StringVar(&q.Columns, "columns", "", `what to show of each run: 'name, params.lr as lr, min("eval/loss")'`)
	cmd.Flags().StringVar(&q.Group, "group", "", "one row for all runs that have the same of this: 'params.lr, params.model'")
	cmd.Flags().IntVar(&q.Limit, "limit", 0, "how many rows at most (default: all)")
	cmd.Flags().StringVarP(&out, "out", "o", "", "draw the runs across the columns into this file, .png, .svg or .pdf")
	cmd.Flags().BoolVar(&q.Deleted, "deleted", false, "the runs that runs rm put into the bin")
	return cmd
}

// warn tells which names of the filter no run has, if it finds nothing.
func warn(cmd *cobra.Command, store tracker.Store, q runs.Query, found int) error {
	if found > 0 || q.Filter == "" {
		return nil
	}
	unknown, err := q.Unknown(cmd.Context(), store)
	for _, sentence := range unknown {
		fmt.Fprintln(cmd.ErrOrStderr(), sentence)
	}
	return err
}

// list prints a table, or with JSON one object a row: whole runs where no columns are chosen.
func list(cmd *cobra.Command, store tracker.Store, q runs.Query, asJSON bool) error {
	if asJSON && q.Columns == "" && q.Group == "" {
		return listJSON(cmd, store, q)
	}
	if q.Columns == "" && q.Group == "" {
		q.Columns = usualColumns
	}
	table, err := q.Table(cmd.Context(), store)
	if err != nil {
		return err
	}
	if err := warn(cmd, store, q, len(table.Rows)); err != nil {
		return err
	}
	if asJSON {
		return printRows(cmd, table)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), table)
	return err
}

func listJSON(cmd *cobra.Command, store tracker.Store, q runs.Query) error {
	summaries, err := q.Select(cmd.Context(), store)
	if err != nil {
		return err
	}
	for _, summary := range summaries {
		if err := printJSON(cmd, newRunJSON(summary)); err != nil {
			return err
		}
	}
	return warn(cmd, store, q, len(summaries))
}
