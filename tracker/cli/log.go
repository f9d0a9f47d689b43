package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func logCommand() *cobra.Command {
	var flags common
	var what string
	var step int64
	var texts []string
	cmd := &cobra.Command{
		Use:   "log [KEY=VALUE...] --run RUN --step N",
		Short: "Log numbers and texts to a run",
		Long: `Log numbers and texts to a run. They are on the disk when the command ends. A value may be NaN, Infinity or -Infinity.
Where the database cannot be written the command fails, keeps them in a file, and the next one that logs to the run on this machine
writes them first.`,
		Example: `  paperlab log --run baseline --step 3 train/loss=0.5 train/learning_rate=5e-5
  paperlab log --run baseline --step 3 --text summary="$(cat summary.txt)"`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, flag := range []string{"run", "step"} {
				if !cmd.Flags().Changed(flag) {
					return usageError{fmt.Errorf("log: --%s is missing", flag)}
				}
			}
			if len(args)+len(texts) == 0 {
				return usageError{errors.New("log: want KEY=VALUE, or --text KEY=TEXT")}
			}
			samples, err := parseSamples(args, step)
			if err != nil {
				return usageError{err}
			}
			bodies, err := pairs("text", texts, func(text string) string { return text })
			if err != nil {
				return err
			}
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				id, err := runs.Find(cmd.Context(), store, what)
				if err != nil {
					return err
				}
				run, err := runs.Attach(cmd.Context(), store, id)
				if err != nil {
					return err
				}
				failures := []error{run.LogBatch(cmd.Context(), samples)}
				for _, key := range slices.Sorted(maps.Keys(bodies)) {
					failures = append(failures, run.Text(cmd.Context(), key, step, bodies[key]))
				}
				if err := errors.Join(failures...); err != nil || !flags.json {
					return err
				}
				return printJSON(cmd, struct {
					ID     string `json:"id"`
					Step   int64  `json:"step"`
					Points int    `json:"points"`
					Texts  int    `json:"texts,omitempty"`
				}{run.ID(), step, len(samples), len(bodies)})
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringArrayVar(&texts, "text", nil, "text, as KEY=TEXT; may be repeated")
	cmd.Flags().StringVar(&what, "run", "", "ID of the run, the beginning of one, or its name")
	cmd.Flags().Int64Var(&step, "step", 0, "step that the numbers belong to")
	return cmd
}

// parseSamples reads KEY=VALUE arguments. The value is what follows the last equals sign: keys may have some of their own.
func parseSamples(args []string, step int64) ([]tracker.Sample, error) {
	var samples []tracker.Sample
	for _, arg := range args {
		i := strings.LastIndexByte(arg, '=')
		if i < 1 {
			return nil, fmt.Errorf("log %q: want KEY=VALUE", arg)
		}
		value, err := strconv.ParseFloat(arg[i+1:], 64)
		if err != nil {
			return nil, fmt.Errorf("log %q: %q is not a number", arg, arg[i+1:])
		}
		samples = append(samples, tracker.Sample{Key: arg[:i], Point: tracker.Point{Step: step, Value: value}})
	}
	return samples, nil
}
