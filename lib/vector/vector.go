package vector

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Index holds vectors under ids of the caller's, and finds those that are nearest to a query. It may be shared between
// goroutines. Package vectortest says in tests what every index does.
type Index interface {
	// Spec says what the index holds.
	Spec() Spec
	// Len is the number of vectors.
	Len(ctx context.Context) (int, error)
	// Add copies vectors, given one after the other, under ids from 0 up, one each. When it returns an error nothing was added;
	// an id that is there already gives [ErrExists].
	Add(ctx context.Context, ids []int64, vectors []float32) error
	// Remove takes out the vectors under these ids and returns how many there were.
	Remove(ctx context.Context, ids []int64) (int, error)
	// Search returns the k nearest vectors of each of the queries, given one after the other, the nearest first; fewer
	// where there are fewer.
	Search(ctx context.Context, queries []float32, k int) ([][]Neighbour, error)
	// Close lets go of the index. What was added to an index in memory is lost; it may be called again. Other calls then
	// give [ErrClosed].
	Close() error
}

// Neighbour is a vector that was found.
type Neighbour struct {
	ID       int64
	Distance float32 // the squared Euclidean distance, or the inner product
}

// Metric is how near two vectors are.
type Metric int

const (
	// L2 is the squared Euclidean distance: the smaller, the nearer. Of vectors of length 1 it is 2 - 2 cos.
	L2 Metric = iota
	// InnerProduct is the nearer, the greater it is. Of vectors of length 1 it is the cosine.
	InnerProduct
)

// String names the metric.
func (m Metric) String() string {
	if m == InnerProduct {
		return "inner product"
	}
	return "L2"
}

// Spec says what an index holds.
type Spec struct {
	Dim    int    // components of each vector
	Metric Metric // [L2] or [InnerProduct]
	Model  string // the hash of what makes the vectors; empty where nobody said
}

// Why a call failed, to be found by errors.Is.
var (
	ErrExists = errors.New("there is a vector with that id already: remove it first")
	ErrClosed = errors.New("the index is closed")
	ErrModel  = errors.New("made by another model, whose vectors compare with none of these: build the index anew")
)

// Check returns [ErrModel] unless vectors of a model with this hash belong into the index. What is not known does not
// matter.
func (s Spec) Check(model string) error {
	if s.Model == "" || model == "" || s.Model == model {
		return nil
	}
	return fmt.Errorf("vectors of model %.12s, the index is of %.12s: %w", model, s.Model, ErrModel)
}

// MaxDim is the most components that a vector may have.
const MaxDim = 1 << 16

// Validate says what is wrong with a spec.
func (s Spec) Validate() error {
	if s.Dim < 1 || s.Dim > MaxDim {
		return fmt.Errorf("dimension %d is not between 1 and %d", s.Dim, MaxDim)
	}
	if s.Metric != L2 && s.Metric != InnerProduct {
		return fmt.Errorf("metric %d is none", s.Metric)
	}
	return nil
}

// Rows returns how many whole vectors lie in numbers. It refuses what is not finite.
func (s Spec) Rows(numbers []float32) (int, error) {
	if len(numbers)%s.Dim != 0 {
		return 0, fmt.Errorf("%d numbers are no multiple of the dimension %d", len(numbers), s.Dim)
	}
	for i, v := range numbers {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return 0, fmt.Errorf("component %d of vector %d is %v", i%s.Dim, i/s.Dim, v)
		}
	}
	return len(numbers) / s.Dim, nil
}

// Additions checks what is to be added: one id a vector, none negative, none twice.
func (s Spec) Additions(ids []int64, vectors []float32) error {
	n, err := s.Rows(vectors)
	if err != nil {
		return err
	}
	if n != len(ids) {
		return fmt.Errorf("%d ids for %d vectors", len(ids), n)
	}
	sorted := slices.Sorted(slices.Values(ids))
	for i, id := range sorted {
		if id < 0 {
			return fmt.Errorf("id %d is negative", id)
		}
		if i > 0 && id == sorted[i-1] {
			return fmt.Errorf("id %d is given twice", id)
		}
	}
	return nil
}

// Queries checks what is to be searched for, and returns the number of queries.
func (s Spec) Queries(queries []float32, k int) (int, error) {
	if k < 1 {
		return 0, fmt.Errorf("k is %d: ask for one neighbour at least", k)
	}
	return s.Rows(queries)
}
