// The command bench prints the table of speeds: what Paperlab does beside what its peers in Python do, from the same inputs, in
// turns. It runs in the root of the repository; run.sh builds and starts it.
//
//	make bench                                              the whole table
//	lib/bench/run.sh --only rouge,rouge-stem --rounds 1     some rows (in a shell of make shell)
//
// Every measurement is a process of its own, ours as well as the peers': it reads its inputs from a folder, does the work once to warm up
// and then a few times, and prints one JSON line. Any of them may be run by hand:
//
//	.build/bin/bench inputs /tmp/inputs
//	.build/bin/bench measure t5-fp32 /tmp/inputs
//	.build/peers-study/bin/python lib/bench/peers/t5_step.py /tmp/inputs fp32
//
// rows.go is the table, inputs.go the inputs, measure.go our half of the measurements; table/ pairs them, peers/ is the
// other half, with its versions pinned. What tracker and kernel do is measured by tracker/bench and kernel/jupyter/bench, as lib
// knows nothing of them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"paperlab/lib/bench/table"
	"paperlab/lib/console"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	root := command()
	console.Prepare(root)
	err := root.ExecuteContext(ctx)
	stop()
	console.Report(os.Stderr, err)
	os.Exit(console.Exit(err))
}

func command() *cobra.Command {
	var only []string
	var rounds int
	var file string
	root := &cobra.Command{
		Use:     "bench",
		Short:   "Measure Paperlab beside its peers",
		Example: "  bench --only t5-step-fp32,t5-memory --rounds 3 --json .build/bench.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			chosen, err := choose(only)
			if err != nil {
				return console.Usage(err)
			}
			t, err := compare(cmd.Context(), cmd.ErrOrStderr(), chosen, rounds, filepath.Dir(file))
			if err != nil {
				return err
			}
			return errors.Join(t.Print(cmd.OutOrStdout()), t.WriteJSON(file), t.Err())
		},
	}
	root.Flags().StringSliceVar(&only, "only", nil, "rows to measure (default: all)")
	root.Flags().IntVar(&rounds, "rounds", 2, "how often to measure all; the best counts")
	root.Flags().StringVar(&file, "json", ".build/bench.json", "file for the results")
	root.AddCommand(measureCommand(), inputsCommand(), papersCommand())
	return root
}

// choose returns the rows of these names, all for none.
func choose(names []string) ([]table.Row, error) {
	if len(names) == 0 {
		return rows, nil
	}
	var chosen []table.Row
	for _, name := range names {
		i := slices.IndexFunc(rows, func(r table.Row) bool { return r.Work == name })
		if i < 0 {
			var all []string
			for _, r := range rows {
				all = append(all, r.Work)
			}
			return nil, fmt.Errorf("no row is named %q (there are %s)", name, strings.Join(all, ", "))
		}
		chosen = append(chosen, rows[i])
	}
	return chosen, nil
}

// compare measures rows with inputs in a folder of their own below parent, which lies on the disk where results do: the trackers
// write there too.
func compare(ctx context.Context, progress io.Writer, chosen []table.Row, rounds int, parent string) (t table.Table, err error) {
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return t, err
	}
	folder, err := os.MkdirTemp(parent, "bench-")
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if folder, err = filepath.Abs(folder); err != nil {
		return t, err
	}
	p, err := newProcesses(folder, progress)
	if err != nil {
		return t, err
	}
	if chosen, err = prepare(ctx, progress, chosen, folder); err != nil {
		return t, err
	}
	return table.Measure(ctx, chosen, rounds, p.run)
}
