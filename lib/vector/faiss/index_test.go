package faiss_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"paperlab/lib/vector"
	"paperlab/lib/vector/faiss"
	"paperlab/lib/vector/vectortest"
)

func TestAFlatIndexIsAnIndex(t *testing.T) {
	vectortest.Run(t, func(t testing.TB, spec vector.Spec) vector.Index { return open(t, spec, "Flat") })
}

// open returns an empty index that lives as long as the test.
func open(t testing.TB, spec vector.Spec, kind string) *faiss.Index {
	t.Helper()
	index, err := faiss.New(spec, kind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })
	return index
}

// filled returns an index that holds the vectors, one after the other, under ids from 0 on.
func filled(t testing.TB, spec vector.Spec, kind string, vectors []float32) *faiss.Index {
	t.Helper()
	index := open(t, spec, kind)
	if err := index.Train(t.Context(), vectors); err != nil {
		t.Fatal(err)
	}
	if err := index.Add(t.Context(), vectortest.IDs(0, len(vectors)/spec.Dim), vectors); err != nil {
		t.Fatal(err)
	}
	return index
}

// clusters returns n vectors around as many centers as there are tens of them: what approximate indices are made for.
func clusters(random *rand.Rand, n, dim int) []float32 {
	centers := vectortest.Random(random, n/10*dim)
	vectors := make([]float32, 0, n*dim)
	for range n {
		center := random.IntN(n / 10)
		for i := range dim {
			vectors = append(vectors, centers[center*dim+i]+float32(random.NormFloat64()/4))
		}
	}
	return vectors
}

func TestApproximateKindsFindMostOfTheNearest(t *testing.T) {
	const n, k, queries = 2000, 10, 50
	spec := vector.Spec{Dim: 32}
	random := rand.New(rand.NewPCG(7, 8))
	vectors := clusters(random, n, spec.Dim)
	for kind, c := range map[string]struct {
		parameter string
		value     float64
		recall    float64 // the least
	}{
		"HNSW32":       {"efSearch", 64, 0.95},
		"IVF16,Flat":   {"nprobe", 8, 0.9},
		"IVF16,PQ16x4": {"nprobe", 8, 0.5},
		"PQ16x4":       {"", 0, 0.5},
		"SQ8":          {"", 0, 0.95},
	} {
		t.Run(kind, func(t *testing.T) {
			index := filled(t, spec, kind, vectors)
			if c.parameter != "" {
				if err := index.Set(c.parameter, c.value); err != nil {
					t.Fatal(err)
				}
			}
			found, err := index.Search(t.Context(), vectors[:queries*spec.Dim], k)
			if err != nil {
				t.Fatal(err)
			}
			hits := 0
			for q, row := range found {
				want := map[int64]bool{}
				for _, n := range vectortest.Nearest(spec, vectortest.IDs(0, n), vectors, vectors[q*spec.Dim:(q+1)*spec.Dim], k) {
					want[n.ID] = true
				}
				for _, n := range row {
					if want[n.ID] {
						hits++
					}
				}
			}
			if recall := float64(hits) / (queries * k); recall < c.recall {
				t.Errorf("recall@%d is %.3f, less than %.2f", k, recall, c.recall)
			}
		})
	}
}

func TestAnUntrainedIndexSaysWhatItNeeds(t *testing.T) {
	index := open(t, vector.Spec{Dim: 2}, "IVF4,Flat")
	if err := index.Add(t.Context(), []int64{0}, []float32{1, 2}); err == nil || !strings.Contains(err.Error(), "call Train") {
		t.Errorf("got %v", err)
	}
	if err := index.Train(t.Context(), []float32{1, 2}); err == nil { // fewer vectors than cells
		t.Error("trained four cells with one vector")
	}
}

func TestCellsKeepIDsAndForgetThem(t *testing.T) {
	spec := vector.Spec{Dim: 8}
	random := rand.New(rand.NewPCG(9, 10))
	index := filled(t, spec, "IVF4,Flat", vectortest.Random(random, 200*spec.Dim))
	if n, err := index.Remove(t.Context(), vectortest.IDs(0, 150)); n != 150 || err != nil {
		t.Fatal(n, err)
	}
	if err := index.Set("nprobe", 4); err != nil {
		t.Fatal(err)
	}
	found, err := index.Search(t.Context(), vectortest.Random(random, spec.Dim), 200)
	if err != nil || len(found[0]) != 50 {
		t.Fatalf("%d found: %v", len(found[0]), err)
	}
	for _, n := range found[0] {
		if n.ID < 150 {
			t.Errorf("id %d was removed", n.ID)
		}
	}
}

func TestWhatFAISSCannotDoIsAnErrorThatSaysWhy(t *testing.T) {
	graph := filled(t, vector.Spec{Dim: 1}, "HNSW8", []float32{1, 2})
	_, removing := graph.Remove(t.Context(), []int64{0})
	_, unknown := faiss.New(vector.Spec{Dim: 4}, "Nonsense17")
	_, dimension := faiss.New(vector.Spec{}, "Flat")
	far := filled(t, vector.Spec{Dim: 1}, "Flat", []float32{math.MaxFloat32})
	_, overflow := far.Search(t.Context(), []float32{-math.MaxFloat32}, 1)
	for want, err := range map[string]error{
		"HNSW8":                  removing,
		"Nonsense17":             unknown,
		"dimension 0":            dimension,
		"scale the vectors down": overflow,
		"efsearch":               graph.Set("efsearch", 1),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	if n, err := graph.Len(t.Context()); n != 2 || err != nil {
		t.Errorf("%d vectors are left, %v", n, err)
	}
}

func BenchmarkSearchOneOf20000(b *testing.B) {
	spec := vector.Spec{Dim: 384}
	random := rand.New(rand.NewPCG(5, 6))
	index := filled(b, spec, "Flat", vectortest.Random(random, 20_000*spec.Dim))
	query := vectortest.Random(random, spec.Dim)
	for b.Loop() {
		if _, err := index.Search(b.Context(), query, 5); err != nil {
			b.Fatal(err)
		}
	}
}
