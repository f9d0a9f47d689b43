package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/dist/launch"
)

// Launch returns the verb that starts several processes of one training.
func Launch() *cobra.Command {
	var ranks, restarts int
	cmd := &cobra.Command{
		Use:   "launch -n N [--max-restarts R] -- train ...",
		Short: "Train with several processes on this machine",
		Long: `Start several processes of one training, which share its batches and add up their gradients: N processes with --accumulation A make
the steps of one with N times A. Rank 0's output is shown, and it alone writes; the machines of all are in the run's record. Each has its
share of the processors ($OMP_NUM_THREADS overrides). Ctrl-C saves a checkpoint. Where one process fails, all end; with --max-restarts they start
anew from the last checkpoint. Where there are NVIDIA GPUs each process takes one.
Several machines, Slurm or Kubernetes: torchrun --no-python ... paperlab train ... does the same.`,
		Example: `  paperlab launch -n 2 -- train summarize --model ./tiny --epochs 3
  paperlab launch -n 2 --max-restarts 3 -- train search --pairs title --batch-size 64 --save-every 100 --eval-every 100
  torchrun --no-python --nproc-per-node 2 paperlab train summarize --model ./tiny`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 || args[0] != "train" || cmd.ArgsLenAtDash() != 0 {
				return console.Hint(console.Usage(errors.New("launch: what to launch is missing: a training is needed behind --")),
					"paperlab launch -n 2 -- train search")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			self, err := os.Executable()
			if err != nil {
				return fmt.Errorf("launch: finding paperlab: %w", err)
			}
			err = launch.Run(cmd.Context(), launch.Job{
				Command: append([]string{self}, args...), Ranks: ranks, Restarts: restarts, Stdout: cmd.OutOrStdout(), Stderr: cmd.ErrOrStderr(),
			})
			if errors.Is(err, launch.ErrKilled) {
				err = console.Hint(err, "the same command with --resume goes on from the last checkpoint; with --max-restarts 3 it does so by itself")
			}
			return err
		},
	}
	cmd.Flags().SetInterspersed(false) // the flags of what is launched are its own, whether -- is there or not
	CountP(cmd, &ranks, "processes", "n", 2, 1, "number of processes")
	Count(cmd, &restarts, "max-restarts", 0, 0, "times that all processes are started anew after a failure")
	return cmd
}
