package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/corpus/frame"
)

// table is the verb that shows what a file of records holds.
type table struct {
	limit, head int
	columns     []string
	dropEmpty   bool
	unique      string
}

func papersShow() *cobra.Command {
	var v table
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show the first records of a file, its columns and what they hold",
		Long: `Show the first records of a file of JSON lines, plain or gzip, as a table; its columns with their types and how many of their cells are
filled; and figures of them: of the numbers where there are such, else how many different texts there are.`,
		Example: `  paperlab papers show arxiv.jsonl
  paperlab papers show arxiv.jsonl --columns title,abstract,categories --drop-empty
  paperlab papers show arxiv.jsonl --unique categories`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := frame.ReadFile(cmd.Context(), args[0], v.limit)
			if err != nil {
				return err
			}
			if f, err = v.part(f); err != nil {
				return console.Usage(err)
			}
			return v.print(cmd.OutOrStdout(), f)
		},
	}
	Count(cmd, &v.limit, "limit", 20000, 0, "records to read, the first of the file (0: all)")
	Count(cmd, &v.head, "head", 5, 0, "records to show")
	f := cmd.Flags()
	f.StringSliceVar(&v.columns, "columns", nil, "columns to keep, commas between (default: all)")
	f.BoolVar(&v.dropEmpty, "drop-empty", false, "leave out records that lack one of the columns")
	f.StringVar(&v.unique, "unique", "", "print the different values of this column instead, one a line")
	return cmd
}

// part is what is kept of the table.
func (v table) part(f *frame.Frame) (*frame.Frame, error) {
	var err error
	if len(v.columns) > 0 {
		if f, err = f.Select(v.columns...); err != nil {
			return nil, err
		}
	}
	if v.dropEmpty {
		if f, err = f.DropNA(); err != nil {
			return nil, err
		}
	}
	if v.unique != "" { // a column that is not there is better known before anything is printed
		_, err = f.Unique(v.unique)
	}
	return f, err
}

func (v table) print(w io.Writer, f *frame.Frame) error {
	if v.unique != "" {
		values, err := f.Unique(v.unique)
		for _, value := range values {
			if _, err := fmt.Fprintln(w, strings.Join(strings.Fields(value), " ")); err != nil {
				return err
			}
		}
		return err
	}
	_, err := fmt.Fprintf(w, "%d records\n\n%s\n\n%s\n\n%s\n", f.Len(), f.Head(v.head), f.Info(), f.Describe())
	return err
}
