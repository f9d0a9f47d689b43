package compute

import (
	"fmt"
	"io"
	"maps"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/train"
)

// training is the flags of a training: every number of its configuration, with the study's defaults.
type training struct {
	train.Config
	name, save string
	file       string
	dryRun     bool
}

func (t *training) flags(cmd *cobra.Command, defaults train.Config, save string) {
	t.Config = defaults
	f := cmd.Flags()
	cli.Count(cmd, &t.Epochs, "epochs", t.Epochs, 0, "times through the training examples (0: --max-steps says when to end)")
	cli.Count(cmd, &t.BatchSize, "batch-size", t.BatchSize, 1, "examples of one forward and backward pass")
	cli.Count(cmd, &t.EvalBatchSize, "eval-batch-size", t.EvalBatchSize, 1, "examples of one pass of an evaluation")
	cli.Count(cmd, &t.Accumulation, "accumulation", t.Accumulation, 1, "passes whose gradients make one optimizer step")
	f.Float64Var(&t.LearningRate, "learning-rate", t.LearningRate, "highest learning rate; it falls linearly to zero")
	cli.Count(cmd, &t.WarmupSteps, "warmup", t.WarmupSteps, 0, "steps over which the learning rate rises from zero")
	f.Float64Var(&t.WeightDecay, "weight-decay", t.WeightDecay, "weight decay of all but norms and biases")
	f.Float64Var(&t.MaxGradNorm, "max-grad-norm", t.MaxGradNorm, "gradients are scaled down to this norm (0: never)")
	cli.Count(cmd, &t.MaxSteps, "max-steps", t.MaxSteps, 0, "end after so many optimizer steps (0: after the epochs)")
	cli.Count(cmd, &t.LogEvery, "log-every", t.LogEvery, 0, "steps between two points of the loss curve (0: none)")
	cli.Count(cmd, &t.SaveLimit, "save-limit", t.SaveLimit, 0, "checkpoints to keep, the best and the newest among them (0: all)")
	f.StringVar(&t.Output, "output", t.Output, "folder of the checkpoints")
	f.StringVar(&t.save, "save", save, "folder of the finished model")
	f.StringVar(&t.name, "name", "", "name of the run (default: the verb)")
	f.StringVar(&t.Resume, "resume", "", "go on from a checkpoint: its folder, or latest, which is also meant where nothing follows")
	f.Lookup("resume").NoOptDefVal = train.Latest
	f.StringVar(&t.file, "config", "", "JSON file with an object of these flags; flags given on the line win")
	f.BoolVar(&t.dryRun, "dry-run", false, "make three steps, say how long all would take and how much memory, and write nothing")
}

// args takes the word behind --resume, which may stand alone, for its value: cobra takes it for an argument.
func (t *training) args(cmd *cobra.Command, args []string) error {
	if len(args) == 1 && cmd.Flags().Changed("resume") && t.Resume == train.Latest {
		t.Resume = args[0]
		return nil
	}
	return cobra.NoArgs(cmd, args)
}

// prepare applies --config and finds wrong values before anything is read or computed.
func (t *training) prepare(cmd *cobra.Command) error {
	if t.file != "" {
		if err := readFlags(cmd.Flags(), t.file); err != nil {
			return err
		}
	}
	if t.name == "" {
		t.name = cmd.Name()
	}
	return console.Usage(t.Validate())
}

// params are what a tracker keeps of a training: its configuration and more.
func (t *training) params(more map[string]any) map[string]any {
	params := t.Params()
	maps.Copy(params, more)
	return params
}

func (t *training) printSaved(w io.Writer) error {
	_, err := fmt.Fprintf(w, "model saved to %s\n", t.save)
	return err
}
