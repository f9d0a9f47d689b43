package evaluate

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat"

	"paperlab/lib/evaluate"
	"paperlab/lib/sentence"
)

// Similarity is a test: pairs of texts, and how alike people found the two of each, on any scale.
type Similarity struct {
	First, Second []string
	Scores        []float64
}

// Correlation is how the cosines of pairs go with the scores that people gave them, from -1 to 1.
type Correlation struct {
	Pearson  float64 `json:"pearson_cosine"`
	Spearman float64 `json:"spearman_cosine"` // of the ranks, equal ones sharing theirs
}

// ReadSimilarity reads a test from a CSV file without a header: first text, second text, score, as the STS benchmark comes.
func ReadSimilarity(path string) (Similarity, error) {
	f, err := os.Open(path)
	if err != nil {
		return Similarity{}, err
	}
	defer f.Close()
	var test Similarity
	reader := csv.NewReader(f)
	reader.FieldsPerRecord = 3
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return test, test.check()
		}
		if err != nil {
			return Similarity{}, fmt.Errorf("%s: %w", path, err)
		}
		score, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			line, column := reader.FieldPos(2)
			return Similarity{}, fmt.Errorf("%s:%d:%d: score: %w", path, line, column, err)
		}
		test.First, test.Second, test.Scores = append(test.First, row[0]), append(test.Second, row[1]), append(test.Scores, score)
	}
}

// Measure embeds the texts and takes the correlations, as EmbeddingSimilarityEvaluator of sentence_transformers does. It
// stops with ctx's error when that ends.
func (t Similarity) Measure(ctx context.Context, m *sentence.Model, o sentence.Options) (Correlation, error) {
	cosines, err := t.cosines(ctx, Using(m, o))
	if err != nil {
		return Correlation{}, err
	}
	return Correlation{Pearson: pearson(t.Scores, cosines), Spearman: spearman(t.Scores, cosines)}, nil
}

// MeasureVectors takes the correlations from the vectors of the first and the second texts, given one after the other.
func (t Similarity) MeasureVectors(first, second []float32) (Correlation, error) {
	cosines, err := t.cosinesOf(first, second)
	if err != nil {
		return Correlation{}, err
	}
	return Correlation{Pearson: pearson(t.Scores, cosines), Spearman: spearman(t.Scores, cosines)}, nil
}

func pearson(scores, cosines []float64) float64 { return stat.Correlation(scores, cosines, nil) }

func spearman(scores, cosines []float64) float64 {
	return stat.Correlation(fractionalRanks(scores), fractionalRanks(cosines), nil)
}

// cosines embeds the texts and returns the cosine of each pair.
func (t Similarity) cosines(ctx context.Context, encode Encoder) ([]float64, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	vectors, err := encode(ctx, slices.Concat(t.First, t.Second))
	if err != nil {
		return nil, err
	}
	return t.cosinesOf(vectors[:len(vectors)/2], vectors[len(vectors)/2:])
}

func (t Similarity) cosinesOf(first, second []float32) ([]float64, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	dim := len(first) / len(t.Scores)
	if dim == 0 || len(first) != dim*len(t.Scores) || len(second) != len(first) {
		return nil, fmt.Errorf("evaluate: %d and %d components for %d pairs", len(first), len(second), len(t.Scores))
	}
	cosines := make([]float64, len(t.Scores))
	for i := range cosines {
		cosines[i] = sentence.Cosine(first[i*dim:(i+1)*dim], second[i*dim:(i+1)*dim])
	}
	return cosines, nil
}

// Hold embeds the pairs by both models and compares the correlations of their cosines with people's scores.
func (t Similarity) Hold(ctx context.Context, before, after Encoder, b evaluate.Bootstrap) (Outcome, error) {
	earlier, err := t.cosines(ctx, before)
	if err != nil {
		return Outcome{}, fmt.Errorf("baseline: %w", err)
	}
	later, err := t.cosines(ctx, after)
	if err != nil {
		return Outcome{}, fmt.Errorf("fine-tuned model: %w", err)
	}
	o := Outcome{Texts: 2 * len(t.Scores)}
	for _, measure := range []struct {
		name string
		of   func(scores, cosines []float64) float64
	}{{"pearson", pearson}, {"spearman", spearman}} {
		p := Paired{Measure: measure.name, Before: measure.of(t.Scores, earlier), After: measure.of(t.Scores, later)}
		p.Difference, err = b.Statistic(ctx, len(t.Scores), func(drawn []int) float64 {
			scores := at(t.Scores, drawn)
			return measure.of(scores, at(later, drawn)) - measure.of(scores, at(earlier, drawn))
		})
		if err != nil {
			return o, fmt.Errorf("%s: %w", measure.name, err)
		}
		o.Measures = append(o.Measures, p)
	}
	return o, nil
}

// at picks values by their numbers.
func at(values []float64, numbers []int) []float64 {
	picked := make([]float64, len(numbers))
	for i, n := range numbers {
		picked[i] = values[n]
	}
	return picked
}

func (t Similarity) check() error {
	if n := len(t.Scores); n < 2 || len(t.First) != n || len(t.Second) != n {
		return fmt.Errorf("evaluate: %d and %d texts, %d scores: as many of each, and two at least, are needed", len(t.First), len(t.Second), n)
	}
	return nil
}

// fractionalRanks are the places of values in their order, counted from 1; equal ones have the mean of theirs.
func fractionalRanks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	ranks := make([]float64, len(values))
	for begin := 0; begin < len(order); {
		end := begin + 1
		for end < len(order) && values[order[end]] == values[order[begin]] {
			end++
		}
		for _, i := range order[begin:end] {
			ranks[i] = float64(begin+1+end) / 2
		}
		begin = end
	}
	return ranks
}
