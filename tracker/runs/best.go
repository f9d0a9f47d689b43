package runs

import (
	"fmt"
	"math"

	"paperlab/tracker"
)

// Best returns the run whose series of that key has the smallest value, the earlier in the list among equals. It fails
// where none has one.
func Best(summaries []Summary, key string) (Summary, error) {
	return best(summaries, key, func(s tracker.Series) float64 { return s.Min })
}

// Highest is [Best] for what should be large, such as ROUGE: it returns the run with the largest value.
func Highest(summaries []Summary, key string) (Summary, error) {
	return best(summaries, key, func(s tracker.Series) float64 { return -s.Max })
}

// best returns the run with the smallest cost.
func best(summaries []Summary, key string, cost func(tracker.Series) float64) (Summary, error) {
	var found Summary
	least := math.NaN()
	for _, s := range summaries {
		series, ok := s.Metric(key)
		// Without any number the smallest value is NaN, which nothing is smaller than.
		if !ok || math.IsNaN(cost(series)) {
			continue
		}
		if found.Run == nil || cost(series) < least {
			found, least = s, cost(series)
		}
	}
	if found.Run == nil {
		err := fmt.Errorf("%w: none of %d runs has a number in it", tracker.ErrNotFound, len(summaries))
		return found, &tracker.Error{Op: "find the best run", On: key, Err: err, Advice: "paperlab runs show RUN lists the series of a run"}
	}
	return found, nil
}
