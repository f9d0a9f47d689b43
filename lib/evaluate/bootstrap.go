package evaluate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"paperlab/lib/rouge"
)

// Bootstrap estimates how far a mean would move if the texts had been others like them: it draws as many observations
// as there are, with replacement, many times, and takes percentiles of the means (Efron and Tibshirani, "An Introduction
// to the Bootstrap", 1993, chapter 13).
//
// It follows rouge_score's BootstrapAggregator, which Hugging Face's evaluate uses, with two differences. That one draws
// from NumPy's global generator, so that its values change from call to call; here the same Seed gives the same values.
// And what it reports as its middle value is the median of the drawn means; here it is the mean of the observations.
//
// To compare two systems on the same texts, bootstrap the differences of their scores. A Bootstrap is a plain value and
// may be shared between goroutines.
type Bootstrap struct {
	Resamples  int     // number of draws; 0 stands for 1000
	Confidence float64 // share of the draws between low and high; 0 stands for 0.95
	Seed       uint64
}

// Interval is a mean and the percentile interval around it.
type Interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// ScoresInterval is the interval of every value of ROUGE scores.
type ScoresInterval struct {
	Mean rouge.Scores `json:"mean"`
	Low  rouge.Scores `json:"low"`
	High rouge.Scores `json:"high"`
}

// Mean returns the interval of the mean of values. It fails without values, when one of them is not finite, on settings
// out of range, and when ctx ends.
func (b Bootstrap) Mean(ctx context.Context, values []float64) (Interval, error) {
	rows := make([][]float64, len(values))
	for i := range values {
		rows[i] = values[i : i+1]
	}
	intervals, err := b.means(ctx, rows)
	if err != nil {
		return Interval{}, err
	}
	return intervals[0], nil
}

// Scores returns the intervals of the means of ROUGE scores. It fails as Mean does.
func (b Bootstrap) Scores(ctx context.Context, scores []rouge.Scores) (ScoresInterval, error) {
	rows := make([][]float64, len(scores))
	for i := range scores {
		for _, value := range scoreValues(&scores[i]) {
			rows[i] = append(rows[i], *value)
		}
	}
	intervals, err := b.means(ctx, rows)
	if err != nil {
		return ScoresInterval{}, err
	}
	var result ScoresInterval
	mean, low, high := scoreValues(&result.Mean), scoreValues(&result.Low), scoreValues(&result.High)
	for i, interval := range intervals {
		*mean[i], *low[i], *high[i] = interval.Mean, interval.Low, interval.High
	}
	return result, nil
}

// scoreValues returns the places of all values of s, in one order.
func scoreValues(s *rouge.Scores) []*float64 {
	var values []*float64
	for _, score := range []*rouge.Score{&s.Rouge1, &s.Rouge2, &s.RougeL, &s.RougeLsum} {
		values = append(values, &score.Precision, &score.Recall, &score.FMeasure)
	}
	return values
}

// means returns the interval of the mean of each column; a row is one observation.
func (b Bootstrap) means(ctx context.Context, rows [][]float64) ([]Interval, error) {
	b, err := b.checked(rows)
	if err != nil {
		return nil, err
	}
	columns := len(rows[0])
	drawn := make([][]float64, columns) // by column, the mean of each draw
	rng := rand.New(rand.NewPCG(b.Seed, 0))
	sums := make([]float64, columns)
	for range b.Resamples {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("evaluate: bootstrap of %d observations: %w", len(rows), context.Cause(ctx))
		}
		clear(sums)
		for range rows {
			for c, value := range rows[rng.IntN(len(rows))] {
				sums[c] += value
			}
		}
		for c, sum := range sums {
			drawn[c] = append(drawn[c], sum/float64(len(rows)))
		}
	}
	tail := (1 - b.Confidence) / 2
	intervals := make([]Interval, columns)
	for c, means := range drawn {
		slices.Sort(means)
		intervals[c] = Interval{Mean: columnMean(rows, c), Low: percentile(means, tail), High: percentile(means, 1-tail)}
	}
	return intervals, nil
}

// checked returns b with its defaults filled in, or what is wrong with it or with the observations.
func (b Bootstrap) checked(rows [][]float64) (Bootstrap, error) {
	if b.Resamples == 0 {
		b.Resamples = 1000
	}
	if b.Confidence == 0 {
		b.Confidence = 0.95
	}
	switch {
	case b.Resamples < 0:
		return b, fmt.Errorf("evaluate: %d resamples: their number must be positive", b.Resamples)
	case !(b.Confidence > 0 && b.Confidence < 1):
		return b, fmt.Errorf("evaluate: confidence %v: it must lie between 0 and 1", b.Confidence)
	case len(rows) == 0:
		return b, fmt.Errorf("evaluate: bootstrap of no observations: there is nothing to draw from")
	}
	for i, row := range rows {
		for _, value := range row {
			if math.IsNaN(value) || math.IsInf(value, 0) {
				return b, fmt.Errorf("evaluate: observation %d is %v: a mean needs finite values", i, value)
			}
		}
	}
	return b, nil
}

func columnMean(rows [][]float64, column int) float64 {
	sum := 0.0
	for _, row := range rows {
		sum += row[column]
	}
	return sum / float64(len(rows))
}

// percentile interpolates linearly between the two nearest of the sorted values, as NumPy does by default.
func percentile(sorted []float64, share float64) float64 {
	position := share * float64(len(sorted)-1)
	below := int(position)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (position-float64(below))*(sorted[above]-sorted[below])
}
