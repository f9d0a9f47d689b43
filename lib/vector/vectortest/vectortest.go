// Package vectortest is the conformance suite of [vector.Index]: what every index does, be it where it may.
package vectortest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/vector"
)

// Run runs the suite on exact indices that open makes, each empty, for the test that asks.
func Run(t *testing.T, open func(t testing.TB, spec vector.Spec) vector.Index) {
	for name, test := range map[string]func(t *testing.T, open func(testing.TB, vector.Spec) vector.Index){
		"search agrees with comparing all":             searchAgrees,
		"rows are no longer than the index":            shortRows,
		"a refused addition adds nothing":              refusedAdditions,
		"an id is taken until its vector is removed":   takenIDs,
		"what is removed is not found":                 removed,
		"misuse is an error":                           misuse,
		"a closed index says so":                       closed,
		"a cancelled context ends a call":              cancelled,
		"searches share an index with additions":       shared,
		"an index knows what it holds":                 knows,
		"empty calls do nothing":                       empty,
		"distances are those of float32 within a part": extremes,
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
}

// Random returns n numbers of a normal distribution.
func Random(random *rand.Rand, n int) []float32 {
	numbers := make([]float32, n)
	for i := range numbers {
		numbers[i] = float32(random.NormFloat64())
	}
	return numbers
}

// IDs returns n ids from first on.
func IDs(first int64, n int) []int64 {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = first + int64(i)
	}
	return ids
}

// Nearest compares a query with all vectors, in float64: the reference.
func Nearest(spec vector.Spec, ids []int64, vectors, query []float32, k int) []vector.Neighbour {
	var all []vector.Neighbour
	for v := range slices.Chunk(vectors, spec.Dim) {
		sum := 0.0
		for i := range v {
			d := float64(v[i]) - float64(query[i])
			if spec.Metric == vector.InnerProduct {
				sum += float64(v[i]) * float64(query[i])
			} else {
				sum += d * d
			}
		}
		all = append(all, vector.Neighbour{ID: ids[len(all)], Distance: float32(sum)})
	}
	slices.SortStableFunc(all, func(a, b vector.Neighbour) int {
		order := 1
		if spec.Metric == vector.InnerProduct {
			order = -1
		}
		switch {
		case a.Distance < b.Distance:
			return -order
		case a.Distance > b.Distance:
			return order
		}
		return 0
	})
	return all[:min(k, len(all))]
}

func searchAgrees(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	const n, k = 300, 9
	for _, metric := range []vector.Metric{vector.L2, vector.InnerProduct} {
		spec := vector.Spec{Dim: 24, Metric: metric}
		index := open(t, spec)
		random := rand.New(rand.NewPCG(1, 2))
		vectors, ids := Random(random, n*spec.Dim), IDs(1000, n)
		add(t, index, ids[:100], vectors[:100*spec.Dim])
		add(t, index, ids[100:], vectors[100*spec.Dim:])
		for _, queries := range []int{1, 3, 25} {
			query := Random(random, queries*spec.Dim)
			found, err := index.Search(t.Context(), query, k)
			if err != nil || len(found) != queries {
				t.Fatalf("%d rows for %d queries: %v", len(found), queries, err)
			}
			for q, row := range found {
				want := Nearest(spec, ids, vectors, query[q*spec.Dim:(q+1)*spec.Dim], k)
				for i := range want {
					if row[i].ID != want[i].ID || !near(row[i].Distance, want[i].Distance) {
						t.Errorf("%v, query %d of %d, place %d: %+v, want %+v", metric, q, queries, i, row[i], want[i])
					}
				}
			}
		}
	}
}

func shortRows(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	index := open(t, vector.Spec{Dim: 1})
	if found := search(t, index, []float32{0}, 10); len(found) != 1 || len(found[0]) != 0 {
		t.Errorf("an empty index finds %v", found)
	}
	add(t, index, []int64{4, 2}, []float32{5, 1})
	want := [][]vector.Neighbour{{{ID: 2, Distance: 1}, {ID: 4, Distance: 25}}, {{ID: 4, Distance: 1}, {ID: 2, Distance: 25}}}
	if found := search(t, index, []float32{0, 6}, 10); fmt.Sprint(found) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", found, want)
	}
}

func refusedAdditions(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	index := open(t, vector.Spec{Dim: 2})
	add(t, index, []int64{1}, []float32{0, 0})
	for name, c := range map[string]struct {
		ids     []int64
		vectors []float32
	}{
		"half a vector": {[]int64{2}, make([]float32, 3)},
		"a NaN":         {[]int64{2, 3}, []float32{0, 0, float32(math.NaN()), 0}},
		"an id twice":   {[]int64{2, 2}, make([]float32, 4)},
		"a taken id":    {[]int64{2, 1}, make([]float32, 4)},
	} {
		if err := index.Add(t.Context(), c.ids, c.vectors); err == nil {
			t.Errorf("%s was added", name)
		}
	}
	if n := length(t, index); n != 1 {
		t.Errorf("%d vectors", n)
	}
}

func takenIDs(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	index := open(t, vector.Spec{Dim: 1})
	add(t, index, []int64{7}, []float32{1})
	if err := index.Add(t.Context(), []int64{7}, []float32{2}); !errors.Is(err, vector.ErrExists) || !strings.Contains(err.Error(), "7") {
		t.Errorf("got %v", err)
	}
	if n, err := index.Remove(t.Context(), []int64{7}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	add(t, index, []int64{7}, []float32{2})
	if found := search(t, index, []float32{0}, 1); found[0][0] != (vector.Neighbour{ID: 7, Distance: 4}) {
		t.Errorf("%v", found)
	}
}

func removed(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	spec := vector.Spec{Dim: 8}
	index, random := open(t, spec), rand.New(rand.NewPCG(3, 4))
	vectors, ids := Random(random, 60*spec.Dim), IDs(0, 60)
	add(t, index, ids, vectors)
	if n, err := index.Remove(t.Context(), append(IDs(0, 20), 5, 999)); n != 20 || err != nil {
		t.Fatalf("removed %d: %v", n, err)
	}
	if n := length(t, index); n != 40 {
		t.Errorf("%d vectors are left", n)
	}
	query := Random(random, spec.Dim)
	want := Nearest(spec, ids[20:], vectors[20*spec.Dim:], query, 40)
	for i, n := range search(t, index, query, 40)[0] {
		if n.ID != want[i].ID {
			t.Errorf("place %d: %+v, want %+v", i, n, want[i])
		}
	}
}

func misuse(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	index := open(t, vector.Spec{Dim: 3})
	add(t, index, []int64{0}, make([]float32, 3))
	for want, c := range map[string]struct {
		query []float32
		k     int
	}{
		"2 numbers are no multiple of the dimension 3": {make([]float32, 2), 1},
		"component 0 of vector 0 is +Inf":              {[]float32{float32(math.Inf(1)), 0, 0}, 1},
		"k is 0":                                       {make([]float32, 3), 0},
		"k is -1":                                      {make([]float32, 3), -1},
	} {
		if _, err := index.Search(t.Context(), c.query, c.k); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func closed(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	index := open(t, vector.Spec{Dim: 1})
	add(t, index, []int64{0}, []float32{1})
	for range 2 {
		if err := index.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, searchErr := index.Search(t.Context(), []float32{1}, 1)
	_, removeErr := index.Remove(t.Context(), []int64{0})
	_, lenErr := index.Len(t.Context())
	for name, err := range map[string]error{
		"add": index.Add(t.Context(), []int64{1}, []float32{1}), "search": searchErr, "remove": removeErr, "length": lenErr,
	} {
		if !errors.Is(err, vector.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func cancelled(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	index := open(t, vector.Spec{Dim: 1})
	add(t, index, []int64{0}, []float32{1})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, searchErr := index.Search(ctx, []float32{1}, 1)
	for name, err := range map[string]error{"add": index.Add(ctx, []int64{1}, []float32{1}), "search": searchErr} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := length(t, index); n != 1 {
		t.Errorf("%d vectors", n)
	}
}

func shared(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	spec := vector.Spec{Dim: 16}
	const n = 200
	index, random := open(t, spec), rand.New(rand.NewPCG(5, 6))
	vectors := Random(random, n*spec.Dim)
	add(t, index, IDs(0, n), vectors)
	far := slices.Repeat([]float32{1e6}, spec.Dim)
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := worker; i < n; i += 4 {
				rows := 1 + i%25
				found, err := index.Search(t.Context(), slices.Repeat(vectors[i*spec.Dim:(i+1)*spec.Dim], rows), 1)
				if err != nil || found[0][0].ID != int64(i) || found[rows-1][0].ID != int64(i) {
					t.Errorf("vector %d finds %v: %v", i, found, err)
				}
			}
		})
	}
	group.Go(func() {
		for i := range int64(50) {
			if err := index.Add(t.Context(), []int64{n + i}, far); err != nil {
				t.Error(err)
			}
		}
	})
	group.Wait()
	if got := length(t, index); got != n+50 {
		t.Errorf("%d vectors", got)
	}
}

func knows(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	spec := vector.Spec{Dim: 5, Metric: vector.InnerProduct, Model: strings.Repeat("ab", 32)}
	if got := open(t, spec).Spec(); got != spec {
		t.Errorf("%+v, want %+v", got, spec)
	}
}

func empty(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	index := open(t, vector.Spec{Dim: 2})
	add(t, index, nil, nil)
	if n, err := index.Remove(t.Context(), nil); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if found := search(t, index, nil, 3); len(found) != 0 {
		t.Errorf("%v", found)
	}
}

func extremes(t *testing.T, open func(testing.TB, vector.Spec) vector.Index) {
	index := open(t, vector.Spec{Dim: 1})
	add(t, index, []int64{math.MaxInt64, 0}, []float32{1e18, -1e-18})
	found := search(t, index, []float32{1e18}, 2)[0]
	if len(found) != 2 || found[0].ID != math.MaxInt64 || found[0].Distance != 0 || !near(found[1].Distance, 1e36) {
		t.Errorf("%v", found)
	}
}

func add(t testing.TB, index vector.Index, ids []int64, vectors []float32) {
	t.Helper()
	if err := index.Add(t.Context(), ids, vectors); err != nil {
		t.Fatal(err)
	}
}

func search(t testing.TB, index vector.Index, queries []float32, k int) [][]vector.Neighbour {
	t.Helper()
	found, err := index.Search(t.Context(), queries, k)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func length(t testing.TB, index vector.Index) int {
	t.Helper()
	n, err := index.Len(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func near(a, b float32) bool {
	return math.Abs(float64(a)-float64(b)) <= 1e-4*math.Max(1, math.Abs(float64(b)))
}
