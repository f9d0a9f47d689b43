package tracker

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Histogram is a distribution that a run wrote at a step, such as that of its gradients. Histograms are only ever added.
type Histogram struct {
	Key     string
	Step    int64
	Time    time.Time // to the millisecond
	Session int64
	Edges   []float64 // ascending, equal ones allowed; the outermost may be infinite
	Counts  []float64 // of what lies between an edge and the next: one less than there are edges
}

// Normalize brings a histogram into the form in which every store keeps it, or says what is wrong with it.
func (h *Histogram) Normalize() (err error) {
	if h.Key, err = CleanKey(h.Key); err != nil {
		return err
	}
	if len(h.Counts) == 0 || len(h.Edges) != len(h.Counts)+1 {
		return fmt.Errorf("%w histogram %s: %d edges for %d counts, want one more than counts", ErrInvalid, h.Key, len(h.Edges), len(h.Counts))
	}
	if slices.ContainsFunc(h.Edges, math.IsNaN) || !slices.IsSorted(h.Edges) {
		return fmt.Errorf("%w histogram %s: its edges do not ascend", ErrInvalid, h.Key)
	}
	for i, count := range h.Counts {
		if !(count >= 0) || math.IsInf(count, 0) {
			return fmt.Errorf("%w histogram %s: count %d is %v", ErrInvalid, h.Key, i, count)
		}
	}
	h.Edges, h.Counts = slices.Clone(h.Edges), slices.Clone(h.Counts)
	cleanTimes(&h.Time)
	return nil
}
