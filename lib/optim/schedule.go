package optim

// Schedule returns the factor on the learning rate for an optimizer step, counted from 0.
type Schedule func(step int) float64

// Constant leaves the learning rate as it is.
func Constant() Schedule { return func(int) float64 { return 1 } }

// Linear rises from 0 over the warm-up steps, then falls to 0 at total: get_linear_schedule_with_warmup of transformers, WarmupLinear
// of sentence-transformers.
func Linear(warmup, total int) Schedule {
	return func(step int) float64 {
		if step < warmup {
			return float64(step) / float64(max(1, warmup))
		}
		return max(0, float64(total-step)/float64(max(1, total-warmup)))
	}
}
