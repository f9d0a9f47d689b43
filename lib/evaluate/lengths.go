package evaluate

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Distribution describes a set of numbers. All values of an empty set are 0.
type Distribution struct {
	Count  int     `json:"count"`
	Mean   float64 `json:"mean"`
	StdDev float64 `json:"std_dev"` // of the population: divided by Count
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	P95    float64 `json:"p95"` // 95 % of the numbers are no larger
	Max    float64 `json:"max"`
}

// Describe returns the distribution of numbers such as token counts. Percentiles between two numbers are interpolated.
func Describe(numbers []int) Distribution {
	if len(numbers) == 0 {
		return Distribution{}
	}
	values := make([]float64, len(numbers))
	sum := 0.0
	for i, n := range numbers {
		values[i] = float64(n)
		sum += values[i]
	}
	slices.Sort(values)
	mean := sum / float64(len(values))
	squares := 0.0
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	return Distribution{
		Count:  len(values),
		Mean:   mean,
		StdDev: math.Sqrt(squares / float64(len(values))),
		Min:    values[0],
		Median: percentile(values, 0.5),
		P95:    percentile(values, 0.95),
		Max:    values[len(values)-1],
	}
}

// Lengths describes how long texts are.
type Lengths struct {
	Characters Distribution `json:"characters"` // Unicode code points
	Words      Distribution `json:"words"`      // separated by white space
	Sentences  Distribution `json:"sentences"`
}

// MeasureLengths returns the lengths of texts.
func MeasureLengths(texts []string) Lengths {
	var characters, words, sentences []int
	for _, text := range texts {
		characters = append(characters, utf8.RuneCountInString(text))
		words = append(words, len(strings.Fields(text)))
		sentences = append(sentences, len(Sentences(text)))
	}
	return Lengths{Characters: Describe(characters), Words: Describe(words), Sentences: Describe(sentences)}
}
