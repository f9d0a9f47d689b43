//go:build ignore

package train

import (
	"context"

	"paperlab/lib/dist"
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

type Model[B any] interface {
	Loss(s *tensor.Scope, batch B) *tensor.Tensor
	Parameters() *nn.Parameters
}

type Dataset[B any] interface {
	Len() int
	Batch(s *tensor.Scope, indices []int) B
}

type Task[B any] struct {
	Model      Model[B]
	Training   Dataset[B]
	Validation Dataset[B]
	Save       func(dir string) error
	Metrics    func(ctx context.Context) (map[string]float64, error)
	Final      func(ctx context.Context) (map[string]float64, error)
	Order      func(epoch, n int) []int
	Group      *dist.Group
}

func Fit[B any](ctx context.Context, task Task[B], cfg train.Config, hooks ...train.Hook) (*train.Result, error) {
	return fit(ctx, eraseModel(task.Model), eraseData(task.Training), eraseData(task.Validation), task.Save, task.Metrics, task.Final, task.Order, task.Group, cfg, hooks)
}

func Evaluate[B any](ctx context.Context, model Model[B], data Dataset[B], batchSize int, precision tensor.DType) (train.Evaluation, error) {
	return evaluate(ctx, eraseModel(model), eraseData(data), batchSize, precision)
}

// What follows turns batches into values of any type, which the compiled training carries from the data to the model.

type anyModel = interface {
	Loss(s *tensor.Scope, batch any) *tensor.Tensor
	Parameters() *nn.Parameters
}

type anyDataset = interface {
	Len() int
	Batch(s *tensor.Scope, indices []int) any
}

func fit(ctx context.Context, model anyModel, training, validation anyDataset, save func(string) error, metrics, final func(context.Context) (map[string]float64, error), order func(int, int) []int, group *dist.Group, cfg train.Config, hooks []train.Hook) (*train.Result, error)

func evaluate(ctx context.Context, model anyModel, data anyDataset, batchSize int, precision tensor.DType) (train.Evaluation, error)

type erasedModel[B any] struct{ model Model[B] }

func eraseModel[B any](model Model[B]) anyModel {
	if model == nil {
		return nil
	}
	return erasedModel[B]{model}
}

func (e erasedModel[B]) Loss(s *tensor.Scope, batch any) *tensor.Tensor {
	typed, _ := batch.(B)
	return e.model.Loss(s, typed)
}

func (e erasedModel[B]) Parameters() *nn.Parameters { return e.model.Parameters() }

type erasedDataset[B any] struct{ data Dataset[B] }

func (e erasedDataset[B]) Len() int { return e.data.Len() }

func (e erasedDataset[B]) Batch(s *tensor.Scope, indices []int) any { return e.data.Batch(s, indices) }

// What a data set may have besides goes along: an interface that is asked for it sees the method only where the cell's type has it.

type weighed struct{ tokens func(indices []int) int }

func (w weighed) Tokens(indices []int) int { return w.tokens(indices) }

type measured struct{ length func(index int) int }

func (m measured) Length(index int) int { return m.length(index) }

type weighedDataset[B any] struct {
	erasedDataset[B]
	weighed
}

type measuredDataset[B any] struct {
	erasedDataset[B]
	measured
}

type fullDataset[B any] struct {
	erasedDataset[B]
	weighed
	measured
}

func eraseData[B any](data Dataset[B]) anyDataset {
	if data == nil {
		return nil
	}
	erased := erasedDataset[B]{data}
	counts, isWeighed := data.(interface{ Tokens(indices []int) int })
	tells, isMeasured := data.(interface{ Length(index int) int })
	switch {
	case isWeighed && isMeasured:
		return fullDataset[B]{erased, weighed{counts.Tokens}, measured{tells.Length}}
	case isWeighed:
		return weighedDataset[B]{erased, weighed{counts.Tokens}}
	case isMeasured:
		return measuredDataset[B]{erased, measured{tells.Length}}
	}
	return erased
}
