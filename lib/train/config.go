package train

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"

	"paperlab/lib/tensor"
)

// Config holds every number of a training. The learning rate rises linearly from zero over the warm-up steps and falls
// linearly to zero at the last step. A step is one move of the optimizer, after Accumulation batches.
type Config struct {
	Epochs        int          `json:"epochs"`
	BatchSize     int          `json:"batch_size"`
	EvalBatchSize int          `json:"eval_batch_size"` // 0: BatchSize
	Accumulation  int          `json:"accumulation"`    // batches whose gradients make a step; 0: 1
	LearningRate  float64      `json:"learning_rate"`   // the highest
	WarmupSteps   int          `json:"warmup_steps"`
	WeightDecay   float64      `json:"weight_decay"`  // for parameters whose nn.Spec says so
	MaxGradNorm   float64      `json:"max_grad_norm"` // gradients are scaled down to this L2 norm; 0: never
	MaxSteps      int          `json:"max_steps"`     // ends the training in place of Epochs; 0: Epochs does
	LogEvery      int          `json:"log_every"`     // steps from one Logged to the next; 0: none
	Seed          int64        `json:"seed"`          // of shuffling and dropout
	Precision     tensor.DType `json:"precision"`     // Float32, also where it is zero, or BFloat16: mixed, with float32 weights
	Output        string       `json:"output"`        // folder of the checkpoints; empty: none are written
	SaveLimit     int          `json:"save_limit"`    // checkpoints to keep, the best and the newest among them; 0: all
	Resume        string       `json:"resume"`        // checkpoint to go on from, or Latest; empty: start anew
}

// Latest as Config.Resume stands for the newest whole checkpoint in Config.Output.
const Latest = "latest"

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
		{"evaluation batch size", c.EvalBatchSize}, {"accumulation", c.Accumulation}, {"warm-up steps", c.WarmupSteps},
		{"step limit", c.MaxSteps}, {"steps between logs", c.LogEvery}, {"checkpoint limit", c.SaveLimit},
	} {
		refuse(n.value < 0, "%s %d is negative", n.name, n.value)
	}
	refuse(!(c.LearningRate > 0) || math.IsInf(c.LearningRate, 0), "learning rate %v: a positive number is needed, such as 5e-5", c.LearningRate)
	refuse(!(c.WeightDecay >= 0), "weight decay %v: 0 or more is needed", c.WeightDecay)
	refuse(!(c.MaxGradNorm >= 0), "gradient norm limit %v: 0 (never clip) or more is needed", c.MaxGradNorm)
	refuse(c.Precision != 0 && c.Precision != tensor.Float32 && c.Precision != tensor.BFloat16, "precision %v: float32 or bfloat16 can be had", c.Precision)
	refuse(c.Resume == Latest && c.Output == "", "the latest checkpoint is asked for, but there is no output folder to look in")
	return errors.Join(wrong...)
}

// Params returns the configuration as a tracker keeps it, by the names of its JSON.
func (c Config) Params() map[string]any {
	params := map[string]any{}
	value := reflect.ValueOf(c.withDefaults())
	for i := range value.NumField() {
		name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
		params[name] = value.Field(i).Interface()
	}
	return params
}

// Steps is how many optimizer steps a training on so many examples takes.
func (c Config) Steps(examples int) (int, error) {
	p, err := c.plan(examples)
	return p.steps, err
}

// withDefaults fills in what a zero stands for.
func (c Config) withDefaults() Config {
	if c.EvalBatchSize == 0 {
		c.EvalBatchSize = c.BatchSize
	}
	if c.Accumulation == 0 {
		c.Accumulation = 1
	}
	c.Precision = precisionOf(c.Precision)
	return c
}
