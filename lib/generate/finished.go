package generate

import (
	"cmp"
	"slices"
)

// finished holds the best hypotheses of one text that have come to their end, NumBeams at most (transformers'
// BeamHypotheses).
type finished struct {
	cfg  Config
	list []hypothesis // in the order in which they came
}

type hypothesis struct {
	ids   []int64
	score float64
}

// add lets a hypothesis in if there is room for it or if it is better than the worst, which then goes.
func (f *finished) add(ids []int64, sum float64, generated int) {
	h := hypothesis{ids, perLength(sum, generated, f.cfg.LengthPenalty)}
	if len(f.list) < f.cfg.NumBeams {
		f.list = append(f.list, h)
		return
	}
	if worst := f.worst(); h.score > f.list[worst].score {
		f.list = append(slices.Delete(f.list, worst, worst+1), h)
	}
}

// worst is the index of the lowest score, the first among equals.
func (f *finished) worst() int {
	worst := 0
	for i, h := range f.list {
		if h.score < f.list[worst].score {
			worst = i
		}
	}
	return worst
}

// beat says whether hypotheses that go on, the likeliest of which has the given sum, are given up.
func (f *finished) beat(sum float64, generated int) bool {
	if len(f.list) < f.cfg.NumBeams {
		return false
	}
	switch {
	case f.cfg.EarlyStopping == AtOnce:
		return true
	case f.cfg.EarlyStopping == WhenImpossible && f.cfg.LengthPenalty > 0:
		generated = f.cfg.MaxLength - 1 // sums are below zero: the longer, the better
	}
	return f.list[f.worst()].score >= perLength(sum, generated, f.cfg.LengthPenalty)
}

// best returns the n sequences with the greatest scores, of equal ones the last first.
func (f *finished) best(n int) []Sequence {
	sorted := slices.Clone(f.list)
	slices.SortStableFunc(sorted, func(a, b hypothesis) int { return cmp.Compare(a.score, b.score) })
	slices.Reverse(sorted)
	out := make([]Sequence, min(n, len(sorted)))
	for i := range out {
		out[i] = newSequence(sorted[i].ids, sorted[i].score)
	}
	return out
}
