//go:build native

package bindings

import (
	"context"

	"paperlab/kernel/interp/symbols"
	"paperlab/lib/dist"
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// A cell's model and data handle batches of a type of their own, which compiled code cannot know: to it they are of any type.
type (
	anyModel = interface {
		Loss(s *tensor.Scope, batch any) *tensor.Tensor
		Parameters() *nn.Parameters
	}
	anyDataset = interface {
		Len() int
		Batch(s *tensor.Scope, indices []int) any
	}
)

func init() {
	symbols.Bodies("paperlab/lib/train", map[string]any{"fit": fit, "evaluate": evaluate})
}

func fit(ctx context.Context, model anyModel, training, validation anyDataset, save func(string) error, metrics, final func(context.Context) (map[string]float64, error), order func(int, int) []int, group *dist.Group, cfg train.Config, hooks []train.Hook) (*train.Result, error) {
	task := train.Task[any]{
		Model: model, Training: training, Validation: validation, Save: save, Metrics: metrics, Final: final, Order: order, Group: group,
	}
	return train.Fit(ctx, task, cfg, hooks...)
}

func evaluate(ctx context.Context, model anyModel, data anyDataset, batchSize int, precision tensor.DType) (train.Evaluation, error) {
	return train.Evaluate[any](ctx, model, data, batchSize, precision)
}
