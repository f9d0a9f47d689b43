package runs

import (
	"fmt"
	"math"

	"paperlab/tracker"
)

// Best returns the run whose series of that key has the smallest value, the earlier in the list among equals. It fails
// where none has one.
func Best(summaries []Summary, key string) (Summary, error) {
	var best Summary
	for _, s := range summaries {
		series, ok := s.Metric(key)
		// Without any number the smallest value is NaN, which nothing is smaller than.
		if !ok || math.IsNaN(series.Min) {
			continue
		}
		if least, found := best.Metric(key); !found || series.Min < least.Min {
			best = s
		}
	}
	if best.Run == nil {
		err := fmt.Errorf("%w: none of %d runs has a number in it", tracker.ErrNotFound, len(summaries))
		return best, &tracker.Error{Op: "find the best run", On: key, Err: err}
	}
	return best, nil
}
