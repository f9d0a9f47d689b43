package compute

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"paperlab/lib/console"
	"paperlab/lib/train"
)

// training is the flags of a training: every number of its configuration, with the study's defaults.
type training struct {
	cfg          train.Config
	name, save   string
	resume, file string
	dryRun       bool
}

func (t *training) flags(cmd *cobra.Command, defaults train.Config, save string) {
	c, f := &t.cfg, cmd.Flags()
	*c = defaults
	f.IntVar(&c.Epochs, "epochs", c.Epochs, "times through the training papers")
	f.IntVar(&c.BatchSize, "batch-size", c.BatchSize, "examples of one forward and backward pass")
	f.IntVar(&c.EvalBatchSize, "eval-batch-size", c.EvalBatchSize, "examples of one pass of an evaluation")
	f.IntVar(&c.Accumulation, "accumulation", c.Accumulation, "passes whose gradients make one optimizer step")
	f.Float64Var(&c.LearningRate, "learning-rate", c.LearningRate, "highest learning rate; it falls linearly to zero")
	f.IntVar(&c.WarmupSteps, "warmup", c.WarmupSteps, "steps over which the learning rate rises from zero")
	f.Float64Var(&c.WeightDecay, "weight-decay", c.WeightDecay, "weight decay of all but norms and biases")
	f.Float64Var(&c.MaxGradNorm, "max-grad-norm", c.MaxGradNorm, "gradients are scaled down to this norm (0: never)")
	f.IntVar(&c.MaxSteps, "max-steps", c.MaxSteps, "end after so many optimizer steps (0: after the epochs)")
	f.IntVar(&c.LogEvery, "log-every", c.LogEvery, "steps between two points of the loss curve")
	f.IntVar(&c.SaveLimit, "save-limit", c.SaveLimit, "checkpoints to keep, the best among them (0: all)")
	f.StringVar(&c.Output, "output", c.Output, "folder of the checkpoints")
	f.StringVar(&t.save, "save", save, "folder of the finished model")
	f.StringVar(&t.name, "name", "", "name of the run (default: the verb)")
	f.StringVar(&t.resume, "resume", "", "go on from a checkpoint: latest, or its folder")
	f.Lookup("resume").NoOptDefVal = train.Latest
	f.StringVar(&t.file, "config", "", "JSON file with an object of these flags; flags given on the line win")
	f.BoolVar(&t.dryRun, "dry-run", false, "say what would be done, and how long, and stop")
}

// configure applies --config and --resume.
func (t *training) configure(cmd *cobra.Command) error {
	if t.file != "" {
		if err := readFlags(cmd.Flags(), t.file); err != nil {
			return err
		}
	}
	t.cfg.Resume = t.resume
	if t.name == "" {
		t.name = cmd.Name()
	}
	return nil
}

// readFlags sets the flags that a JSON object names and the command line did not.
func readFlags(flags *pflag.FlagSet, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var values map[string]any
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	if err := decoder.Decode(&values); err != nil {
		return console.Hint(fmt.Errorf("%s: %w", path, err), `it holds one object, such as {"epochs": 3}`)
	}
	for name, value := range values {
		flag := flags.Lookup(name)
		if flag == nil {
			return console.Usage(fmt.Errorf("%s: there is no flag --%s", path, name))
		}
		if flag.Changed {
			continue
		}
		if err := flags.Set(name, fmt.Sprint(value)); err != nil {
			return console.Usage(fmt.Errorf("%s: %s: %w", path, name, err))
		}
	}
	return nil
}

// params are what a tracker keeps of a training: its configuration and more.
func (t *training) params(more map[string]any) map[string]any {
	params := t.cfg.Params()
	maps.Copy(params, more)
	return params
}

// fit runs a training with a bar and a record, and saves the finished model.
func fit[B any](cmd *cobra.Command, task train.Task[B], run training, newRun NewRun, params map[string]any) error {
	ctx := cmd.Context()
	if run.dryRun {
		return dryRun(cmd, task, run.cfg)
	}
	hooks := []train.Hook{show(cmd.ErrOrStderr(), run.name)}
	if newRun != nil {
		record, err := newRun(ctx, run.name, params)
		if err != nil {
			return err
		}
		hooks = append(hooks, record)
	}
	result, err := train.Fit(ctx, task, run.cfg, hooks...)
	if err != nil {
		if result != nil && result.Checkpoint != "" {
			err = console.Hint(err, "go on with --resume "+result.Checkpoint)
		}
		return err
	}
	if err := os.MkdirAll(run.save, 0o755); err != nil {
		return err
	}
	if err := task.Save(run.save); err != nil {
		return errors.Join(fmt.Errorf("saving the model to %s", run.save), err)
	}
	for _, name := range slices.Sorted(maps.Keys(result.Metrics)) {
		fmt.Fprintf(cmd.OutOrStdout(), "%s: %.4f\n", name, result.Metrics[name])
	}
	fmt.Fprintf(cmd.OutOrStdout(), "model saved to %s\n", run.save)
	return nil
}
