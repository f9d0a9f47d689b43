package optim

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Schedule returns the factor on the learning rate for an optimizer step, counted from 0.
type Schedule func(step int) float64

// Constant leaves the learning rate as it is.
func Constant() Schedule { return func(int) float64 { return 1 } }

// ConstantWithWarmup rises from 0 over the warm-up steps and stays there: get_constant_schedule_with_warmup of transformers.
func ConstantWithWarmup(warmup int) Schedule { return rising(warmup, Constant()) }

// Linear rises from 0 over the warm-up steps, then falls to 0 at total: get_linear_schedule_with_warmup of transformers, WarmupLinear
// of sentence-transformers.
func Linear(warmup, total int) Schedule {
	return rising(warmup, func(step int) float64 {
		return max(0, float64(total-step)/float64(max(1, total-warmup)))
	})
}

// Cosine rises from 0 over the warm-up steps, then falls to 0 at total along half a cosine: get_cosine_schedule_with_warmup of
// transformers.
func Cosine(warmup, total int) Schedule {
	return rising(warmup, func(step int) float64 {
		progress := float64(step-warmup) / float64(max(1, total-warmup))
		return max(0, (1+math.Cos(math.Pi*progress))/2)
	})
}

// rising goes up in a line for the warm-up steps, and from there as then says.
func rising(warmup int, then Schedule) Schedule {
	return func(step int) float64 {
		if step < warmup {
			return float64(step) / float64(max(1, warmup))
		}
		return then(step)
	}
}

// schedules are those that have a name, transformers' in lr_scheduler_type.
var schedules = map[string]func(warmup, total int) Schedule{
	"linear":               Linear,
	"cosine":               Cosine,
	"constant":             func(int, int) Schedule { return Constant() },
	"constant_with_warmup": func(warmup, _ int) Schedule { return ConstantWithWarmup(warmup) },
}

// Named returns the schedule that transformers calls by that name: linear, cosine, constant (which has no warm-up) or
// constant_with_warmup. An unknown name is an error that lists those there are.
func Named(name string, warmup, total int) (Schedule, error) {
	schedule, ok := schedules[name]
	if !ok {
		return nil, fmt.Errorf("no schedule is named %q (there are %s)", name, strings.Join(slices.Sorted(maps.Keys(schedules)), ", "))
	}
	return schedule(warmup, total), nil
}
