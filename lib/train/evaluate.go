package train

import (
	"context"
	"fmt"
	"time"

	"paperlab/lib/tensor"
)

// Evaluation is how well a model does on a data set.
type Evaluation struct {
	Loss      float64 // mean of the batches' losses, each weighed by its number of examples, as Trainer of transformers does
	TokenLoss float64 // mean over all label tokens where the data set counts them, else Loss
	Samples   int
	Batches   int
	Runtime   time.Duration
}

// Evaluate takes the loss of every example, in order, without dropout and without gradients, in float32 or mixed bfloat16. It is
// one goroutine's; others may compute with the model meanwhile, but not train it.
func Evaluate[B any](ctx context.Context, model Model[B], data Dataset[B], batchSize int, precision tensor.DType) (Evaluation, error) {
	start := time.Now()
	e, err := newEvaluator(model, data, batchSize, precision)
	if err != nil {
		return Evaluation{}, err
	}
	losses, err := e.losses(ctx, 0, 1)
	if err != nil {
		return Evaluation{}, err
	}
	evaluation := e.sum(losses)
	evaluation.Runtime = time.Since(start)
	return evaluation, nil
}

// evaluator takes losses of a data set's batches.
type evaluator[B any] struct {
	model             Model[B]
	data              Dataset[B]
	precision         tensor.DType
	size              int // of a batch
	examples, batches int
}

func newEvaluator[B any](model Model[B], data Dataset[B], batchSize int, precision tensor.DType) (*evaluator[B], error) {
	n := data.Len()
	if n == 0 {
		return nil, fmt.Errorf("train: evaluate: %w", ErrNoExamples)
	}
	if batchSize < 1 {
		return nil, fmt.Errorf("train: evaluate: batch size %d: at least 1 is needed", batchSize)
	}
	return &evaluator[B]{model: model, data: data, precision: precision, size: batchSize, examples: n, batches: ceil(n, batchSize)}, nil
}

// batch are the examples of the batch of that number.
func (e *evaluator[B]) batch(i int) []int {
	from := i * e.size
	indices := make([]int, min(e.size, e.examples-from))
	for j := range indices {
		indices[j] = from + j
	}
	return indices
}

// losses returns the loss of every so many-th batch, from the first on.
func (e *evaluator[B]) losses(ctx context.Context, first, every int) ([]float64, error) {
	var losses []float64
	for i := first; i < e.batches; i += every {
		if err := ctx.Err(); err != nil {
			return losses, fmt.Errorf("train: evaluation interrupted after %d of %d examples: %w", i*e.size, e.examples, err)
		}
		batch := e.batch(i)
		loss, err := lossOf(e.model, e.data, batch, e.precision)
		if err != nil {
			return losses, fmt.Errorf("train: evaluate examples %d to %d: %w", batch[0], batch[len(batch)-1], err)
		}
		losses = append(losses, loss)
	}
	return losses, nil
}

// sum takes the means of the losses of all batches.
func (e *evaluator[B]) sum(losses []float64) Evaluation {
	counted, _ := e.data.(tokenCounter)
	all := Evaluation{Samples: e.examples, Batches: e.batches}
	var tokens float64
	for i, loss := range losses {
		batch := e.batch(i)
		all.Loss += loss * float64(len(batch))
		weight := float64(len(batch))
		if counted != nil {
			weight = float64(counted.Tokens(batch))
		}
		// A batch without a single label has no loss (0/0) and takes no part in the mean over labels.
		if weight > 0 {
			all.TokenLoss += loss * weight
			tokens += weight
		}
	}
	all.Loss /= float64(e.examples)
	all.TokenLoss /= tokens
	return all
}

// tokenCounter is what a data set may be, see [Dataset].
type tokenCounter interface{ Tokens(indices []int) int }

// lossOf returns the loss of one batch.
func lossOf[B any](model Model[B], data Dataset[B], indices []int, precision tensor.DType) (loss float64, err error) {
	device := model.Parameters().Device()
	s := tensor.NewScope(device)
	defer s.Close()
	err = tensor.NoGrad(func() error {
		return tensor.Autocast(device, precisionOf(precision), func() error {
			result := model.Loss(s, data.Batch(s, indices))
			if s.Err() != nil {
				return s.Err()
			}
			loss, err = result.Item()
			return err
		})
	})
	return loss, err
}

// precisionOf makes the zero value float32.
func precisionOf(d tensor.DType) tensor.DType {
	if d == 0 {
		return tensor.Float32
	}
	return d
}
