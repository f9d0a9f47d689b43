package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/query"
	"paperlab/tracker/runs"
)

// addQuery adds the flags of a query. Limit and Deleted are for the verbs that want them.
func addQuery(cmd *cobra.Command, q *runs.Query) {
	cmd.Flags().StringVar(&q.Project, "project", "", "only runs of this project")
	cmd.Flags().StringVar(&q.Filter, "filter", "", `only runs that fulfil a condition: 'status == "finished" && params.lr <= 5e-5'`)
	cmd.Flags().StringVar(&q.Sort, "sort", "", `by what to sort, after a minus the largest first: '-last("rouge/rouge1"), started'`)
}

// point shows where a query is wrong, and marks it as misuse.
func point(cmd *cobra.Command, err error) error {
	var wrong *query.Error
	if !errors.As(err, &wrong) {
		return err
	}
	fmt.Fprintln(cmd.ErrOrStderr(), wrong.Caret())
	return usageError{err}
}

// cellJSON is a value of a table as --json prints it: durations in seconds, NaN and infinities as text.
func cellJSON(value any) any {
	switch v := value.(type) {
	case float64:
		return tracker.Number(v)
	case time.Duration:
		return v.Seconds()
	case query.Spread:
		return spreadJSON{v.Count, tracker.Number(v.Mean), tracker.Number(v.Std), tracker.Number(v.Min), tracker.Number(v.Max)}
	}
	return value
}

type spreadJSON struct {
	Count int            `json:"count"`
	Mean  tracker.Number `json:"mean"`
	Std   tracker.Number `json:"std"`
	Min   tracker.Number `json:"min"`
	Max   tracker.Number `json:"max"`
}

// printRows prints a table as one object a row.
func printRows(cmd *cobra.Command, view *runs.View) error {
	for _, values := range view.Values {
		object := make(map[string]any, len(values))
		for i, value := range values {
			object[view.Header[i]] = cellJSON(value)
		}
		if err := printJSON(cmd, object); err != nil {
			return err
		}
	}
	return nil
}
