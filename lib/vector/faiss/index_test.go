package faiss_test

import (
	"cmp"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/vector/faiss"
)

func TestSearchAgreesWithBruteForce(t *testing.T) {
	const dim, n, k = 24, 700, 9
	rng := rand.New(rand.NewPCG(1, 2))
	vectors := random(rng, n*dim)
	index := filled(t, dim, vectors)

	// FAISS takes another path, through BLAS, from 20 queries on.
	for _, queries := range []int{1, 3, 19, 20, 64} {
		query := random(rng, queries*dim)
		distances, ids, err := index.Search(query, k)
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) != queries*k || len(distances) != queries*k {
			t.Fatalf("%d queries gave %d ids and %d distances", queries, len(ids), len(distances))
		}
		for q := range queries {
			want := nearest(vectors, query[q*dim:(q+1)*dim], k)
			for i, w := range want {
				got := neighbour{ids[q*k+i], float64(distances[q*k+i])}
				if got.id != w.id || math.Abs(got.distance-w.distance) > 1e-4*w.distance {
					t.Errorf("query %d of %d, place %d: %v, want %v", q, queries, i, got, w)
				}
			}
		}
	}
}

func TestVectorsAddedInPartsKeepTheirOrder(t *testing.T) {
	index := filled(t, 1, []float32{0, 10})
	if err := index.Add([]float32{20, 30}); err != nil {
		t.Fatal(err)
	}
	if index.Len() != 4 || index.Dim() != 1 {
		t.Fatalf("Len %d, Dim %d", index.Len(), index.Dim())
	}
	if _, ids, err := index.Search([]float32{29}, 4); err != nil || !slices.Equal(ids, []int64{3, 2, 1, 0}) {
		t.Fatal(ids, err)
	}
}

func TestRowsAreNoLongerThanTheIndex(t *testing.T) {
	index := filled(t, 1, []float32{5, 1})
	distances, ids, err := index.Search([]float32{0, 6}, 10)
	if err != nil || !slices.Equal(ids, []int64{1, 0, 0, 1}) || !slices.Equal(distances, []float32{1, 25, 1, 25}) {
		t.Fatal(distances, ids, err)
	}
	empty := filled(t, 1, nil)
	if _, ids, err := empty.Search([]float32{0}, 10); err != nil || len(ids) != 0 {
		t.Fatal(ids, err)
	}
	if _, ids, err := index.Search(nil, 10); err != nil || len(ids) != 0 {
		t.Fatal(ids, err)
	}
}

func TestMisuseIsAnError(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	index := filled(t, 3, []float32{1, 2, 3})
	huge := filled(t, 1, []float32{math.MaxFloat32})
	search := func(x *faiss.Index, query []float32, k int) error {
		_, _, err := x.Search(query, k)
		return err
	}
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"added numbers that make no whole vector": {index.Add(make([]float32, 4)), "4 numbers are no multiple of the dimension 3"},
		"an added NaN":                 {index.Add([]float32{0, 0, 0, 0, nan, 0}), "component 1 of vector 1 is NaN"},
		"a query of another dimension": {search(index, make([]float32, 2), 1), "2 numbers are no multiple of the dimension 3"},
		"an infinite query":            {search(index, []float32{inf, 0, 0}, 1), "component 0 of vector 0 is +Inf"},
		"no neighbours":                {search(index, make([]float32, 3), 0), "k is 0"},
		"fewer than no neighbours":     {search(index, make([]float32, 3), -1), "k is -1"},
		"a distance beyond float32":    {search(huge, []float32{-math.MaxFloat32}, 1), "scale the vectors down"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", test.err, test.want)
			}
		})
	}
	if index.Len() != 1 {
		t.Errorf("%d vectors after refused additions", index.Len())
	}
	for _, dim := range []int{0, -1, math.MaxInt32 + 1} {
		if _, err := faiss.NewFlatL2(dim); err == nil {
			t.Errorf("an index of dimension %d", dim)
		}
	}
}

func TestAClosedIndexSaysSo(t *testing.T) {
	index := filled(t, 1, []float32{1})
	for range 2 {
		if err := index.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, _, searchErr := index.Search([]float32{1}, 1)
	for name, err := range map[string]error{
		"add": index.Add([]float32{1}), "search": searchErr, "write": index.Write(t.TempDir() + "/x"),
	} {
		if !errors.Is(err, faiss.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if index.Len() != 0 {
		t.Error("a closed index holds vectors")
	}
}

func TestSearchesShareAnIndexWithAdditions(t *testing.T) {
	const dim, n = 16, 500
	rng := rand.New(rand.NewPCG(3, 4))
	vectors := random(rng, n*dim)
	index := filled(t, dim, vectors)
	far := slices.Repeat([]float32{1e6}, dim)

	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := worker; i < n; i += 8 {
				rows := 1 + i%25 // both of FAISS's paths
				query := slices.Repeat(vectors[i*dim:(i+1)*dim], rows)
				_, ids, err := index.Search(query, 1)
				if err != nil || ids[0] != int64(i) || ids[rows-1] != int64(i) {
					t.Errorf("vector %d finds %v: %v", i, ids, err)
				}
			}
		})
	}
	group.Go(func() {
		for range 100 {
			if err := index.Add(far); err != nil {
				t.Error(err)
			}
		}
	})
	group.Wait()
	if index.Len() != n+100 {
		t.Error(index.Len())
	}
}

func BenchmarkSearchOneOf20000(b *testing.B) {
	const dim = 384
	rng := rand.New(rand.NewPCG(5, 6))
	index := filled(b, dim, random(rng, 20_000*dim))
	query := random(rng, dim)
	for b.Loop() {
		if _, _, err := index.Search(query, 5); err != nil {
			b.Fatal(err)
		}
	}
}

// filled returns an index that holds the vectors until the test ends.
func filled(t testing.TB, dim int, vectors []float32) *faiss.Index {
	t.Helper()
	index, err := faiss.NewFlatL2(dim)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })
	if err := index.Add(vectors); err != nil {
		t.Fatal(err)
	}
	return index
}

func random(rng *rand.Rand, n int) []float32 {
	numbers := make([]float32, n)
	for i := range numbers {
		numbers[i] = float32(rng.NormFloat64())
	}
	return numbers
}

type neighbour struct {
	id       int64
	distance float64
}

// nearest compares the query with all vectors, in float64.
func nearest(vectors, query []float32, k int) []neighbour {
	var all []neighbour
	for v := range slices.Chunk(vectors, len(query)) {
		sum := 0.0
		for i := range v {
			d := float64(v[i]) - float64(query[i])
			sum += d * d
		}
		all = append(all, neighbour{int64(len(all)), sum})
	}
	slices.SortFunc(all, func(a, b neighbour) int { return cmp.Compare(a.distance, b.distance) })
	return all[:k]
}
