package train

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"

	"paperlab/lib/optim"
	"paperlab/lib/tensor"
)

// Config holds every number of a training. A step is one move of the optimizer, after Accumulation batches. Where a zero stands for
// a default, the comment says for which; the others are off.
type Config struct {
	Epochs        int `json:"epochs"`
	MaxSteps      int `json:"max_steps"` // ends the training in place of Epochs; 0: Epochs does
	BatchSize     int `json:"batch_size"`
	EvalBatchSize int `json:"eval_batch_size"` // 0: BatchSize
	Accumulation  int `json:"accumulation"`    // batches of a process whose gradients make a step; 0: 1
	Ranks         int `json:"ranks"`           // processes that train together, which Fit takes from Task.Group; 0: 1

	LearningRate float64      `json:"learning_rate"` // the highest
	Schedule     string       `json:"schedule"`      // of the learning rate, by its name in [optim.Named]; empty: linear
	WarmupSteps  int          `json:"warmup_steps"`  // over which the learning rate rises from zero
	WarmupRatio  float64      `json:"warmup_ratio"`  // share of all steps, in place of WarmupSteps where those are 0
	WeightDecay  float64      `json:"weight_decay"`  // for parameters whose nn.Spec says so
	MaxGradNorm  float64      `json:"max_grad_norm"` // gradients are scaled down to this L2 norm; 0: never
	Precision    tensor.DType `json:"precision"`     // Float32, also where it is zero, or BFloat16: mixed, with float32 weights

	Seed          int64 `json:"seed"`            // of shuffling and dropout
	DataSeed      int64 `json:"data_seed"`       // of shuffling alone; 0: Seed
	GroupByLength bool  `json:"group_by_length"` // examples of like length come together, see [Task.Order]

	LogEvery  Interval `json:"log_every"`  // from one Logged to the next; 0: Never
	EvalEvery Interval `json:"eval_every"` // from one Evaluated to the next; 0: Epoch
	SaveEvery Interval `json:"save_every"` // from one checkpoint to the next, and after the last step; 0: as EvalEvery, Epoch where that is Never
	SaveLimit int      `json:"save_limit"` // checkpoints to keep, the best and the newest among them; 0: all

	Metric    string  `json:"metric"`    // chooses the best model: "loss", or a name in Evaluated.Metrics; empty: loss
	Better    string  `json:"better"`    // Greater or Less; empty: Less where Metric ends in "loss", else Greater
	KeepLast  bool    `json:"keep_last"` // ends with the last weights in place of the best
	Patience  int     `json:"patience"`  // evaluations in a row without a better one that end the training; 0: none do
	Threshold float64 `json:"threshold"` // by which one has to be better for Patience

	Output string `json:"output"` // folder of the checkpoints; empty: none are written
	Resume string `json:"resume"` // checkpoint to go on from, or Latest; empty: start anew
}

// Latest as Config.Resume stands for the newest whole checkpoint in Config.Output.
const Latest = "latest"

// What Config.Better may be.
const (
	Greater = "greater"
	Less    = "less"
)

// Validate returns everything that is wrong with the configuration, nil if nothing is.
func (c Config) Validate() error {
	var wrong []error
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			wrong = append(wrong, fmt.Errorf("train: "+format, args...))
		}
	}
	refuse(c.Epochs < 1 && c.MaxSteps < 1, "%d epochs: at least one, or a number of steps, is needed", c.Epochs)
	refuse(c.BatchSize < 1, "batch size %d: at least 1 is needed", c.BatchSize)
	for _, n := range []struct {
		name  string
		value int
	}{
		{"evaluation batch size", c.EvalBatchSize}, {"accumulation", c.Accumulation}, {"number of ranks", c.Ranks}, {"warm-up steps", c.WarmupSteps},
		{"step limit", c.MaxSteps}, {"checkpoint limit", c.SaveLimit}, {"patience", c.Patience},
	} {
		refuse(n.value < 0, "%s %d is negative", n.name, n.value)
	}
	refuse(!(c.LearningRate > 0) || math.IsInf(c.LearningRate, 0), "learning rate %v: a positive number is needed, such as 5e-5", c.LearningRate)
	_, err := optim.Named(c.withDefaults().Schedule, 0, 1)
	refuse(err != nil, "%w", err)
	refuse(!(c.WarmupRatio >= 0 && c.WarmupRatio <= 1), "warm-up ratio %v: a share from 0 to 1 is needed", c.WarmupRatio)
	refuse(!(c.WeightDecay >= 0), "weight decay %v: 0 or more is needed", c.WeightDecay)
	refuse(!(c.MaxGradNorm >= 0), "gradient norm limit %v: 0 (never clip) or more is needed", c.MaxGradNorm)
	refuse(c.Precision != 0 && c.Precision != tensor.Float32 && c.Precision != tensor.BFloat16, "precision %v: float32 or bfloat16 can be had", c.Precision)
	for _, i := range []struct {
		name  string
		value Interval
	}{{"logs", c.LogEvery}, {"evaluations", c.EvalEvery}, {"checkpoints", c.SaveEvery}} {
		refuse(!i.value.valid(), "%v steps between %s: a whole number, a share below 1, epoch or no is needed", float64(i.value), i.name)
	}
	refuse(c.Better != "" && c.Better != Greater && c.Better != Less, "%q is better: %s or %s is meant", c.Better, Greater, Less)
	refuse(!(c.Threshold >= 0), "threshold %v: 0 or more is needed", c.Threshold)
	refuse(c.Patience > 0 && c.EvalEvery == Never, "patience %d without evaluations", c.Patience)
	refuse(c.Resume == Latest && c.Output == "", "the latest checkpoint is asked for, but there is no output folder to look in")
	return errors.Join(wrong...)
}

// checkBest refuses checkpoints that come when nothing is evaluated, as Trainer does under load_best_model_at_end: the best model
// would not be there to be loaded in the end.
func (c Config) checkBest() error {
	switch {
	case c.KeepLast || c.Output == "" || c.EvalEvery == Never || c.EvalEvery == c.SaveEvery:
		return nil
	case c.EvalEvery > 0 && c.SaveEvery > 0:
		times := float64(c.SaveEvery / c.EvalEvery)
		if whole := math.Round(times); whole >= 1 && math.Abs(times-whole) < 1e-9 {
			return nil
		}
	}
	return fmt.Errorf("train: checkpoints at interval %v, evaluations at %v: the best model would not be among the checkpoints "+
		"(save at the evaluations or at a multiple of them, or keep the last model)", c.SaveEvery, c.EvalEvery)
}

// Params returns the configuration as a tracker keeps it, by the names of its JSON.
func (c Config) Params() map[string]any {
	params := map[string]any{}
	value := reflect.ValueOf(c.withDefaults())
	for i := range value.NumField() {
		name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
		params[name] = value.Field(i).Interface()
		if interval, ok := params[name].(Interval); ok {
			params[name] = interval.value()
		}
	}
	return params
}

// Steps is how many optimizer steps a training on so many examples takes, unless Patience ends it before.
func (c Config) Steps(examples int) (int, error) {
	p, err := c.plan(examples)
	return p.steps, err
}

// withDefaults fills in what a zero stands for.
func (c Config) withDefaults() Config {
	if c.EvalBatchSize == 0 {
		c.EvalBatchSize = c.BatchSize
	}
	c.Accumulation, c.Ranks = max(1, c.Accumulation), max(1, c.Ranks)
	if c.Schedule == "" {
		c.Schedule = "linear"
	}
	if c.DataSeed == 0 {
		c.DataSeed = c.Seed
	}
	c.LogEvery, c.EvalEvery = c.LogEvery.or(Never), c.EvalEvery.or(Epoch)
	if c.SaveEvery == 0 && c.EvalEvery == Never {
		c.SaveEvery = Epoch
	}
	c.SaveEvery = c.SaveEvery.or(c.EvalEvery)
	if c.Metric = strings.TrimPrefix(c.Metric, "eval_"); c.Metric == "" {
		c.Metric = lossMetric
	}
	if c.Better == "" {
		c.Better = Greater
		if strings.HasSuffix(c.Metric, lossMetric) {
			c.Better = Less
		}
	}
	c.Precision = precisionOf(c.Precision)
	return c
}

// lossMetric is the name of the validation loss among the metrics.
const lossMetric = "loss"

// schedule is that of a training of so many steps.
func (c Config) schedule(steps int) (optim.Schedule, error) {
	warmup := c.WarmupSteps
	if warmup == 0 {
		warmup = int(math.Ceil(float64(steps) * c.WarmupRatio))
	}
	return optim.Named(c.Schedule, warmup, steps)
}
