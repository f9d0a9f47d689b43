package faiss

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	gofaiss "github.com/DataIntelligenceCrew/go-faiss"
)

// ErrClosed is the error of every call on an [Index] after its Close.
var ErrClosed = errors.New("faiss: the index is closed")

// Index holds vectors of one dimension and finds the nearest ones to a query by squared Euclidean distance. A vector's
// id is its place in the order of addition, from 0.
//
// The vectors lie in C memory, which Close gives back. An Index may be shared between goroutines: searches run
// side by side, while Add and Close wait for the searches under way.
type Index struct {
	dim int

	mu   sync.RWMutex
	flat gofaiss.Index // nil once closed
}

// NewFlatL2 returns an empty index for vectors of dim components. The caller closes it.
func NewFlatL2(dim int) (*Index, error) {
	if dim < 1 || dim > math.MaxInt32 {
		return nil, fmt.Errorf("faiss: new index: dimension %d is not between 1 and %d", dim, math.MaxInt32)
	}
	var flat *gofaiss.IndexFlat
	err := call(func() (err error) {
		flat, err = gofaiss.NewIndexFlatL2(dim)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("faiss: new index of dimension %d: %w", dim, err)
	}
	return &Index{dim: dim, flat: flat}, nil
}

// Dim returns the number of components of each vector.
func (x *Index) Dim() int { return x.dim }

// Len returns the number of vectors held, 0 after Close.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.flat == nil {
		return 0
	}
	return int(x.flat.Ntotal())
}

// Add appends vectors, given one after another (a multiple of Dim numbers, all finite), and copies them.
// When it returns an error nothing was added.
func (x *Index) Add(vectors []float32) error {
	n, err := x.rows(vectors)
	if err != nil {
		return fmt.Errorf("faiss: add: %w", err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.flat == nil:
		return ErrClosed
	case n == 0:
		return nil
	}
	if err := call(func() error { return x.flat.Add(vectors) }); err != nil {
		return fmt.Errorf("faiss: add %d vectors of dimension %d: %w", n, x.dim, err)
	}
	return nil
}

// Search finds the k nearest vectors to each of the queries, given one after another (a multiple of Dim numbers, all
// finite). Distances (squared) and ids have one row a query of min(k, Len) entries, nearest first. One call with many
// queries is faster than many calls: FAISS spreads the queries over the cores.
func (x *Index) Search(queries []float32, k int) (distances []float32, ids []int64, err error) {
	n, err := x.rows(queries)
	if err != nil {
		return nil, nil, fmt.Errorf("faiss: search: %w", err)
	}
	if k < 1 {
		return nil, nil, fmt.Errorf("faiss: search: k is %d, ask for at least one neighbour", k)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.flat == nil {
		return nil, nil, ErrClosed
	}
	k = min(k, int(x.flat.Ntotal()))
	if n == 0 || k == 0 {
		return nil, nil, nil
	}
	err = call(func() (err error) {
		distances, ids, err = x.flat.Search(queries, int64(k))
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("faiss: search %d neighbours of %d queries: %w", k, n, err)
	}
	for i, id := range ids {
		// FAISS leaves -1 or an infinite distance where squaring overflowed.
		if id < 0 || !(distances[i] <= math.MaxFloat32) {
			return nil, nil, fmt.Errorf("faiss: search: a distance from query %d is no float32: scale the vectors down", i/k)
		}
	}
	return distances, ids, nil
}

// Close gives the vectors' memory back. It may be called again.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.flat != nil {
		x.flat.Delete()
		x.flat = nil
	}
	return nil
}

// rows returns how many vectors of the index's dimension lie in numbers.
func (x *Index) rows(numbers []float32) (int, error) {
	if len(numbers)%x.dim != 0 {
		return 0, fmt.Errorf("%d numbers are no multiple of the dimension %d", len(numbers), x.dim)
	}
	for i, v := range numbers {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return 0, fmt.Errorf("component %d of vector %d is %v", i%x.dim, i/x.dim, v)
		}
	}
	return len(numbers) / x.dim, nil
}

// call runs one call into FAISS. It stays on its thread, because FAISS keeps the last error by thread.
func call(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return f()
}
