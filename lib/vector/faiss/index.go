package faiss

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	gofaiss "github.com/DataIntelligenceCrew/go-faiss"

	"paperlab/lib/vector"
)

// Index is a [vector.Index] in memory. The vectors lie in C memory, which Close gives back. Searches run side by side,
// while what changes the index waits for those under way. FAISS cannot be interrupted: a context is looked at before a call.
//
// One call with many queries is faster than many calls: FAISS spreads the queries over the cores.
type Index struct {
	spec vector.Spec
	kind string // FAISS's factory string
	note string

	mu    sync.RWMutex
	index gofaiss.Index  // nil once closed
	ids   map[int64]bool // of the vectors; nil where a foreign file did not tell
}

var _ vector.Index = (*Index)(nil)

// New returns an empty index of a kind that FAISS's index_factory knows: "Flat" compares with every vector, exactly;
// "HNSW32" walks a graph of neighbours; "IVF256,Flat" looks into the nearest cells of 256, "PQ48" compresses vectors to 48 bytes,
// and so on (https://github.com/facebookresearch/faiss/wiki/The-index-factory). Kinds with cells or codes are to be
// trained before vectors are added: [Index.Train]. From HNSW nothing can be removed.
func New(spec vector.Spec, kind string) (*Index, error) {
	if err := spec.Validate(); err != nil {
		return nil, fmt.Errorf("faiss: new index: %w", err)
	}
	x := &Index{spec: spec, kind: kind, ids: map[int64]bool{}}
	err := call(func() error {
		index, err := gofaiss.IndexFactory(spec.Dim, factory(kind), metrics[spec.Metric])
		if err == nil {
			x.index = index
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("faiss: new index %q of dimension %d: %w", kind, spec.Dim, err)
	}
	return x, nil
}

var metrics = map[vector.Metric]int{vector.L2: gofaiss.MetricL2, vector.InnerProduct: gofaiss.MetricInnerProduct}

// factory lets an index of some kind keep ids: those with cells do by themselves.
func factory(kind string) string {
	if strings.Contains(kind, "IVF") {
		return kind
	}
	return "IDMap," + kind
}

// Spec says what the index holds.
func (x *Index) Spec() vector.Spec { return x.spec }

// Kind is FAISS's factory string of the index, empty where a foreign file did not tell.
func (x *Index) Kind() string { return x.kind }

// Note is what the writer of the file that the index was read from noted in it.
func (x *Index) Note() string { return x.note }

// Len is the number of vectors.
func (x *Index) Len(context.Context) (int, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.index == nil {
		return 0, closedErr("length")
	}
	return int(x.index.Ntotal()), nil
}

// Train lets an index learn how vectors such as these, given one after the other, are spread: its cells and codes. It changes
// nothing that was learned before or that needs no training.
func (x *Index) Train(ctx context.Context, vectors []float32) error {
	n, err := x.spec.Rows(vectors)
	if err != nil {
		return fmt.Errorf("faiss: train: %w", err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.usable(ctx, "train"); err != nil || x.index.IsTrained() {
		return err
	}
	if err := call(func() error { return x.index.Train(vectors) }); err != nil {
		return fmt.Errorf("faiss: train %q with %d vectors: %w", x.kind, n, err)
	}
	return nil
}

// Add copies vectors, see [vector.Index].
func (x *Index) Add(ctx context.Context, ids []int64, vectors []float32) error {
	if err := x.spec.Additions(ids, vectors); err != nil {
		return fmt.Errorf("faiss: add: %w", err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.usable(ctx, "add"); err != nil {
		return err
	}
	switch {
	case x.ids == nil:
		return fmt.Errorf("faiss: add: %w", errForeign)
	case !x.index.IsTrained():
		return fmt.Errorf("faiss: add: an index %q is to be trained first: call Train", x.kind)
	case len(ids) == 0:
		return nil
	}
	for _, id := range ids {
		if x.ids[id] {
			return fmt.Errorf("faiss: add: id %d: %w", id, vector.ErrExists)
		}
	}
	if err := call(func() error { return x.index.AddWithIDs(vectors, ids) }); err != nil {
		return fmt.Errorf("faiss: add %d vectors of dimension %d: %w", len(ids), x.spec.Dim, err)
	}
	for _, id := range ids {
		x.ids[id] = true
	}
	return nil
}

// Remove takes vectors out, see [vector.Index].
func (x *Index) Remove(ctx context.Context, ids []int64) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.usable(ctx, "remove"); err != nil {
		return 0, err
	}
	if x.ids == nil {
		return 0, fmt.Errorf("faiss: remove: %w", errForeign)
	}
	present := map[int64]bool{}
	for _, id := range ids {
		if x.ids[id] {
			present[id] = true
		}
	}
	if len(present) == 0 {
		return 0, nil
	}
	err := call(func() error {
		selector, err := gofaiss.NewIDSelectorBatch(slices.Collect(maps.Keys(present)))
		if err != nil {
			return err
		}
		defer selector.Delete()
		_, err = x.index.RemoveIDs(selector)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("faiss: remove %d vectors from an index %q: %w", len(present), x.kind, err)
	}
	for id := range present {
		delete(x.ids, id)
	}
	return len(present), nil
}

// Search finds the nearest vectors, see [vector.Index]. An approximate index may find fewer than there are.
func (x *Index) Search(ctx context.Context, queries []float32, k int) ([][]vector.Neighbour, error) {
	n, err := x.spec.Queries(queries, k)
	if err != nil {
		return nil, fmt.Errorf("faiss: search: %w", err)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if err := x.usable(ctx, "search"); err != nil {
		return nil, err
	}
	rows := make([][]vector.Neighbour, n)
	k = min(k, int(x.index.Ntotal()))
	if n == 0 || k == 0 {
		return rows, nil
	}
	var distances []float32
	var ids []int64
	err = call(func() (err error) {
		distances, ids, err = x.index.Search(queries, int64(k))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("faiss: search %d neighbours of %d queries: %w", k, n, err)
	}
	exact := strings.HasSuffix(x.kind, "Flat") && !strings.Contains(x.kind, "IVF")
	for i, id := range ids {
		finite := !math.IsInf(float64(distances[i]), 0) && !math.IsNaN(float64(distances[i]))
		switch {
		case id < 0 && !exact: // there was no other in the cells that were looked into
		case id < 0 || !finite || distances[i] == math.MaxFloat32:
			// FAISS leaves -1 or an infinite distance where squaring overflowed.
			return nil, fmt.Errorf("faiss: search: a distance from query %d is no float32: scale the vectors down", i/k)
		default:
			rows[i/k] = append(rows[i/k], vector.Neighbour{ID: id, Distance: distances[i]})
		}
	}
	return rows, nil
}

// Set gives a parameter of searching a value, by FAISS's name (AutoTune.cpp): "nprobe", how many cells an IVF index looks into (1 at
// first), or "efSearch", how far HNSW looks around (16 at first). Higher values find more and take longer.
func (x *Index) Set(parameter string, value float64) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.usable(context.Background(), "set "+parameter); err != nil {
		return err
	}
	err := call(func() error {
		space, err := gofaiss.NewParameterSpace()
		if err != nil {
			return err
		}
		defer space.Delete()
		return space.SetIndexParameter(x.index, parameter, value)
	})
	if err != nil {
		return fmt.Errorf("faiss: set %s of an index %q to %g: %w", parameter, x.kind, value, err)
	}
	return nil
}

// Close gives the vectors' memory back. It may be called again.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.index != nil {
		x.index.Delete()
		x.index = nil
	}
	return nil
}

// usable says why a call cannot begin; mu is held.
func (x *Index) usable(ctx context.Context, op string) error {
	if x.index == nil {
		return closedErr(op)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("faiss: %s: %w", op, err)
	}
	return nil
}

func closedErr(op string) error { return fmt.Errorf("faiss: %s: %w", op, vector.ErrClosed) }

var errForeign = errors.New("the index was read from a file that does not tell its ids: build it anew to change it")

// call runs one call into FAISS. It stays on its thread, because FAISS keeps the last error by thread.
func call(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return readable(f())
}

// where is how FAISS begins its errors: with the place in its own source, and what it asserted there.
var where = regexp.MustCompile(`^Error in .* at \S+:\d+: (Error: '.*' failed(: )?)?`)

// readable leaves of an error of FAISS what a reader can make something of.
func readable(err error) error {
	if err == nil {
		return nil
	}
	if rest := where.ReplaceAllString(err.Error(), ""); rest != "" {
		return errors.New(rest)
	}
	return err
}
