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
	ranks      ranks
}

func (t *training) flags(cmd *cobra.Command, defaults train.Config, save string) {
	t.Config = defaults
	f := cmd.Flags()
	cli.Count(cmd, &t.Epochs, "epochs", t.Epochs, 0, "times through the training examples (0: --max-steps says when to end)")
	cli.Count(cmd, &t.MaxSteps, "max-steps", t.MaxSteps, 0, "end after so many optimizer steps (0: after the epochs)")
	cli.Count(cmd, &t.BatchSize, "batch-size", t.BatchSize, 1, "examples of one forward and backward pass")
	cli.Count(cmd, &t.EvalBatchSize, "eval-batch-size", t.EvalBatchSize, 1, "examples of one pass of an evaluation")
	cli.Count(cmd, &t.Accumulation, "accumulation", t.Accumulation, 1, "passes whose gradients make one optimizer step")
	t.optimizerFlags(cmd)
	t.intervalFlags(cmd)
	t.bestFlags(cmd)
	f.Int64Var(&t.DataSeed, "data-seed", t.DataSeed, "seed of shuffling alone (0: --seed)")
	f.BoolVar(&t.GroupByLength, "group-by-length", t.GroupByLength, "bring examples of like length together")
	f.StringVar(&t.Output, "output", t.Output, "folder of the checkpoints")
	f.StringVar(&t.save, "save", save, "folder of the finished model")
	f.StringVar(&t.name, "name", "", "name of the run (default: the verb)")
	f.StringVar(&t.Resume, "resume", "", "go on from a checkpoint, ours or transformers': its folder, or latest, which is also meant where nothing follows")
	f.Lookup("resume").NoOptDefVal = train.Latest
	f.StringVar(&t.file, "config", "", "JSON file with an object of these flags; flags given on the line win")
	t.ranks.flags(cmd)
	f.BoolVar(&t.dryRun, "dry-run", false, "make three steps and some of an evaluation, say how long all would take and how much memory, and write nothing")
}

func (t *training) optimizerFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Float64Var(&t.LearningRate, "learning-rate", t.LearningRate, "highest learning rate")
	f.StringVar(&t.Schedule, "schedule", "linear", "how it falls: linear, cosine, constant or constant_with_warmup")
	cli.Count(cmd, &t.WarmupSteps, "warmup", t.WarmupSteps, 0, "steps over which the learning rate rises from zero")
	f.Float64Var(&t.WarmupRatio, "warmup-ratio", t.WarmupRatio, "share of the steps over which it rises, where --warmup is 0")
	f.Float64Var(&t.WeightDecay, "weight-decay", t.WeightDecay, "weight decay of all but norms and biases")
	f.Float64Var(&t.MaxGradNorm, "max-grad-norm", t.MaxGradNorm, "gradients are scaled down to this norm (0: never)")
}

func (t *training) intervalFlags(cmd *cobra.Command) {
	const steps = "epoch, no, a number of steps or, below 1, a share of them"
	t.EvalEvery = train.Epoch
	f := cmd.Flags()
	f.Var((*interval)(&t.LogEvery), "log-every", "from one point of the loss curve to the next: "+steps)
	f.Var((*interval)(&t.EvalEvery), "eval-every", "from one evaluation to the next: "+steps)
	f.Var((*interval)(&t.SaveEvery), "save-every", "from one checkpoint to the next: "+steps+" (default: as --eval-every)")
	cli.Count(cmd, &t.SaveLimit, "save-limit", t.SaveLimit, 0, "checkpoints to keep, the best and the newest among them (0: all)")
}

func (t *training) bestFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&t.Metric, "metric", "loss", "what of an evaluation chooses the best model")
	f.StringVar(&t.Better, "better", "", "greater or less (default: less of a loss, greater of all else)")
	f.BoolVar(&t.KeepLast, "keep-last", t.KeepLast, "end with the last weights instead of the best")
	cli.Count(cmd, &t.Patience, "patience", t.Patience, 0, "end after so many evaluations in a row without a better one (0: do not)")
	f.Float64Var(&t.Threshold, "threshold", t.Threshold, "by how much an evaluation has to be better for --patience")
}

// interval is a pflag.Value.
type interval train.Interval

func (i *interval) Set(text string) error {
	read, err := train.ParseInterval(text)
	if read == 0 {
		read = train.Never
	}
	*i = interval(read)
	return err
}

func (i *interval) String() string { return train.Interval(*i).String() }

func (i *interval) Type() string { return "interval" }

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
	if t.ranks.group != nil {
		params["backend"] = t.ranks.group.Backend()
	}
	maps.Copy(params, more)
	return params
}

func (t *training) printSaved(w io.Writer) error {
	_, err := fmt.Fprintf(w, "model saved to %s\n", t.save)
	return err
}
