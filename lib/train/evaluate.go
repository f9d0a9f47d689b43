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
	n := data.Len()
	if n == 0 {
		return Evaluation{}, fmt.Errorf("train: evaluate: %w", ErrNoExamples)
	}
	if batchSize < 1 {
		return Evaluation{}, fmt.Errorf("train: evaluate: batch size %d: at least 1 is needed", batchSize)
	}
	start := time.Now()
	indices := make([]int, n)
	for i := range indices {
		indices[i] = i
	}
	counted, _ := data.(tokenCounter)
	e := Evaluation{Samples: n, Batches: ceil(n, batchSize)}
	var tokens float64
	for from := 0; from < n; from += batchSize {
		if err := ctx.Err(); err != nil {
			return Evaluation{}, fmt.Errorf("train: evaluation interrupted after %d of %d examples: %w", from, n, err)
		}
		batch := indices[from:min(from+batchSize, n)]
		loss, err := lossOf(model, data, batch, precision)
		if err != nil {
			return Evaluation{}, fmt.Errorf("train: evaluate examples %d to %d: %w", batch[0], batch[len(batch)-1], err)
		}
		e.Loss += loss * float64(len(batch))
		weight := float64(len(batch))
		if counted != nil {
			weight = float64(counted.Tokens(batch))
		}
		// A batch without a single label has no loss (0/0) and takes no part in the mean over labels.
		if weight > 0 {
			e.TokenLoss += loss * weight
			tokens += weight
		}
	}
	e.Loss /= float64(n)
	e.TokenLoss /= tokens
	e.Runtime = time.Since(start)
	return e, nil
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
