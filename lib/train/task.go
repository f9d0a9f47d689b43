package train

import (
	"context"

	"paperlab/lib/dist"
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Model is what can be trained on batches of type B. If it also has a method
//
//	Backward(s *tensor.Scope, batch B, share float64, random *tensor.Random) (loss float64, err error)
//
// a training leaves the gradients to it: it adds those of the loss times share, and returns that. It may put states of random back, so
// as to compute something with dropout twice. Evaluations take the loss all the same.
type Model[B any] interface {
	// Loss returns the mean loss of a batch, a scalar in scope s, or nil where an operation failed (the error is s's).
	Loss(s *tensor.Scope, batch B) *tensor.Tensor
	// Parameters returns what is trained, always the same.
	Parameters() *nn.Parameters
}

// Dataset is a fixed number of examples. If it also has a method
//
//	Tokens(indices []int) int
//
// that is how many terms the loss of a batch of those examples is the mean of, and [Evaluation.TokenLoss] weighs by it. A method
//
//	Length(index int) int
//
// says how long an example is, which Config.GroupByLength goes by.
type Dataset[B any] interface {
	Len() int
	// Batch lays the examples at indices side by side, with tensors in scope s. What fails is s's error.
	Batch(s *tensor.Scope, indices []int) B
}

// Task is what [Fit] works on. All but Model and Training may be left out. Fit calls its functions on its own goroutine, one at a
// time.
type Task[B any] struct {
	Model      Model[B]
	Training   Dataset[B]
	Validation Dataset[B] // evaluated every Config.EvalEvery; the best model is chosen by it

	// Save writes the model into a folder that exists, with all that is needed to use it (configuration, tokenizer). Among the files
	// must be weights as safetensors.OpenFolder finds them, float32, each parameter under its own name: from there a
	// training is resumed and the best model loaded. Without Save a checkpoint holds model.safetensors alone.
	Save func(dir string) error

	// Metrics measures the model at each evaluation by more than its loss, such as ROUGE of what it writes (Trainer's
	// predict_with_generate and compute_metrics). They join [Evaluated.Metrics], and Config.Metric may name one.
	Metrics func(ctx context.Context) (map[string]float64, error)

	// Final measures the best model after training: its metrics ("test/loss", "rouge/rouge1") go out as [Measured] and into the
	// [Result].
	Final func(ctx context.Context) (map[string]float64, error)

	// Group is the processes that train together; nil: this one alone. See [Fit].
	Group *dist.Group

	// Order gives the order of the n examples in an epoch, counted from 0: a permutation of 0 to n-1, the same whenever it is
	// asked. Without it each epoch is shuffled by a generator of its own, seeded with Config.DataSeed and the epoch. With
	// Config.GroupByLength the order is then sorted by falling length within stretches of at most 50 steps, the longest
	// example first of all, as LengthGroupedSampler of transformers does.
	Order func(epoch, n int) []int
}
