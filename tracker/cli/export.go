package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/export"
	"paperlab/tracker/runs"
)

// exporters write runs to a path, each in its format.
var exporters = map[string]func(ctx context.Context, store tracker.Reader, path string, ids ...string) (points int64, err error){
	"csv":      export.CSV,
	"jsonl":    export.JSONLines,
	"parquet":  export.Parquet,
	"tfevents": export.Events,
}

func exportCommand() *cobra.Command {
	var flags common
	var format, out string
	cmd := &cobra.Command{
		Use:   "export RUN... -o PATH",
		Short: "Write runs for other programs: CSV, JSON lines, Parquet, TensorBoard",
		Long: `Write runs for other programs. A RUN is an ID, the beginning of one, or a name: then the run of that name that started last.

  csv, parquet   every point, a line or row each: run, name, key, context, session, step, time, value
  jsonl          everything that is kept of a run, for paperlab runs import to read again
  tfevents       a folder for TensorBoard: one run in it, or a folder in it for each of several

A file appears whole or not at all. The format is taken from the file's name unless --format is given.`,
		Example: `  paperlab runs export baseline -o baseline.parquet
  paperlab runs export baseline resumed --format tfevents -o logs && tensorboard --logdir logs`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usageError{errors.New("export: want a path: -o runs.csv")}
			}
			if format == "" {
				format = strings.TrimPrefix(filepath.Ext(out), ".")
			}
			write := exporters[format]
			if write == nil {
				const want = "want csv, jsonl, parquet or tfevents, by --format or by the end of the file's name"
				if format == "" {
					return usageError{errors.New("export: no format: " + want)}
				}
				return usageError{fmt.Errorf("export: format %q: %s", format, want)}
			}
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				ids := make([]string, len(args))
				for i, what := range args {
					var err error
					if ids[i], err = runs.Find(cmd.Context(), store, what); err != nil {
						return err
					}
				}
				points, err := write(cmd.Context(), store, out, ids...)
				if err != nil {
					return err
				}
				if flags.json {
					return printJSON(cmd, exportJSON{out, format, ids, points})
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s of %s\n", out, counted(points, "point"), counted(int64(len(ids)), "run"))
				return err
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVarP(&out, "out", "o", "", "file to write, or folder for tfevents")
	cmd.Flags().StringVar(&format, "format", "", "csv, jsonl, parquet or tfevents")
	return cmd
}

// exportJSON is what --json prints of an export.
type exportJSON struct {
	Path   string   `json:"path"`
	Format string   `json:"format"`
	Runs   []string `json:"runs"`
	Points int64    `json:"points"`
}
