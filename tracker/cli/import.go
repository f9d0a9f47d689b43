package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
)

// followInterval is how often files are looked at that may grow.
const followInterval = 2 * time.Second

func importCommand() *cobra.Command {
	var flags common
	var project string
	var follow bool
	cmd := &cobra.Command{
		Use:   "import PATH...",
		Short: "Bring in runs of TensorBoard, MLflow, Trackio, or of an export",
		Long: `Bring in runs that were logged elsewhere. A PATH is

  a folder of TensorBoard's event files, of PyTorch, TensorFlow or W&B: each folder with some in it is a run
  MLflow's SQLite file, Trackio's SQLite file or the folder of them
  what paperlab runs export wrote as JSON lines
  another database of Paperlab's, or the postgres:// address of one, with all that is in it

Importing again adds what is new, and nothing twice: a run's ID follows from where it came from, and a point or text that is there
with the same step, time and value is left out. With --follow a folder of event files is read on as they grow, until Ctrl-C.`,
		Example: `  paperlab runs import ./runs --project papers
  paperlab runs import mlflow.db baseline.jsonl
  paperlab runs import paperlab.db --db postgres://user@host/papers
  paperlab runs import ./logs --follow`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if follow && len(args) > 1 {
				return usageError{errors.New("import: --follow wants one folder")}
			}
			// Before a database is made for them.
			sources := make([]source, len(args))
			for i, path := range args {
				var err error
				if sources[i], err = recognize(cmd.Context(), path); err != nil {
					return err
				}
			}
			if follow {
				if sources[0].name != eventFiles {
					return usageError{fmt.Errorf("import: --follow wants a folder of event files, and %s is %s", args[0], sources[0].name)}
				}
				ticker := time.NewTicker(followInterval)
				defer ticker.Stop()
				sources[0].bring = following(ticker.C)
			}
			return flags.withStore(cmd.Context(), func(store tracker.Store) error {
				store = &counting{Store: store, out: cmd.ErrOrStderr()}
				for i, path := range args {
					err := sources[i].bring(cmd.Context(), store, path, project, func(run *ingest.Run) { reportImport(cmd, run, flags.json) })
					if err != nil {
						return &tracker.Error{Op: "import " + sources[i].name, On: path, Err: err}
					}
				}
				return nil
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&project, "project", "default", "project of the runs from event files; others bring theirs")
	cmd.Flags().BoolVar(&follow, "follow", false, "go on reading event files as they grow")
	return cmd
}

// importJSON is what --json prints of a run that was imported.
type importJSON struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	New     bool           `json:"new"`
	Points  int64          `json:"points"`
	Others  int64          `json:"others"`
	LeftOut map[string]int `json:"left_out,omitempty"`
	Unread  int64          `json:"unread_bytes,omitempty"`
}

// reportImport prints a line about a run. A line that cannot be printed hinders no import.
func reportImport(cmd *cobra.Command, run *ingest.Run, asJSON bool) {
	added := run.Added()
	if asJSON {
		_ = printJSON(cmd, importJSON{run.ID(), run.Name(), !run.Existed(), added.Points, added.Others, run.LeftOut(), run.Unread()})
		return
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%s  %s: %s", run.ID(), run.Name(), counted(added.Points, "point"))
	if added.Others > 0 {
		fmt.Fprintf(out, ", %s (texts, images, files)", counted(added.Others, "other"))
	}
	if run.Existed() {
		fmt.Fprint(out, " added to what was there")
	}
	if run.Unread() > 0 {
		fmt.Fprintf(out, "; %s at the end not whole yet", counted(run.Unread(), "byte"))
	}
	fmt.Fprintln(out)
	for _, what := range slices.Sorted(maps.Keys(run.LeftOut())) {
		fmt.Fprintf(out, "  left out: %d x %s\n", run.LeftOut()[what], what)
	}
}

// counting is a store that prints a line now and then about how much was logged to it.
type counting struct {
	tracker.Store
	out          io.Writer
	points, said int
}

func (c *counting) Log(ctx context.Context, run string, samples []tracker.Sample) error {
	const every = 250_000
	if err := c.Store.Log(ctx, run, samples); err != nil {
		return err
	}
	if c.points += len(samples); c.points-c.said >= every {
		c.said = c.points
		fmt.Fprintf(c.out, "%d points so far\n", c.points)
	}
	return nil
}
