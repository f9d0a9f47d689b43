package pgvector_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"paperlab/lib/vector"
	"paperlab/lib/vector/pgvector"
	"paperlab/lib/vector/vectortest"
	"paperlab/tracker/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestATableIsAnIndex(t *testing.T) {
	address := pgtest.Database(t)
	var count atomic.Int64
	vectortest.Run(t, func(t testing.TB, spec vector.Spec) vector.Index {
		return open(t, address, fmt.Sprint("index", count.Add(1)), spec)
	})
}

func open(t testing.TB, address, name string, spec vector.Spec) *pgvector.Index {
	t.Helper()
	index, err := pgvector.Open(t.Context(), address, name, spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })
	return index
}

func TestVectorsStayWhenTheIndexIsClosed(t *testing.T) {
	address, spec := pgtest.Database(t), vector.Spec{Dim: 2, Model: "0a"}
	index := open(t, address, "papers", spec)
	if err := index.Add(t.Context(), []int64{3, 5}, []float32{1, 0, 0, 1}); err != nil {
		t.Fatal(err)
	}
	if err := index.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, address, "papers", vector.Spec{Dim: 2}) // whoever does not know the model is told
	found, err := again.Search(t.Context(), []float32{0, 2}, 1)
	if err != nil || again.Spec() != spec || found[0][0] != (vector.Neighbour{ID: 5, Distance: 1}) {
		t.Errorf("%v of %+v, %v", found, again.Spec(), err)
	}
}

func TestAnIndexThatIsNotWhatWasAskedForIsRefused(t *testing.T) {
	address := pgtest.Database(t)
	open(t, address, "papers", vector.Spec{Dim: 2, Model: "0a"})
	for want, c := range map[string]struct {
		name string
		spec vector.Spec
	}{
		"dimension 2, by L2, not of 3":      {"papers", vector.Spec{Dim: 3}},
		"not of 2, by inner product":        {"papers", vector.Spec{Dim: 2, Metric: vector.InnerProduct}},
		"another model":                     {"papers", vector.Spec{Dim: 2, Model: "0b"}},
		`the name "a; DROP TABLE x" is not`: {"a; DROP TABLE x", vector.Spec{Dim: 2}},
		"dimension 16001 is more":           {"other", vector.Spec{Dim: 16001}},
		"dimension 0 is not":                {"other", vector.Spec{}},
	} {
		if _, err := pgvector.Open(t.Context(), address, c.name, c.spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	_, err := pgvector.Open(t.Context(), address, "papers", vector.Spec{Dim: 2, Model: "0b"})
	if !errors.Is(err, vector.ErrModel) {
		t.Errorf("got %v", err)
	}
	if _, err := pgvector.Open(t.Context(), "postgres://me:secret@127.0.0.1:1/x", "papers", vector.Spec{Dim: 2}); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("no server gives %v", err)
	}
}

func TestManyOpenANewIndexTogether(t *testing.T) {
	address := pgtest.Database(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			index, err := pgvector.Open(t.Context(), address, "papers", vector.Spec{Dim: 2})
			if err != nil {
				t.Error(err)
				return
			}
			index.Close()
		})
	}
	group.Wait()
}

func TestAGraphFindsMostOfTheNearest(t *testing.T) {
	spec := vector.Spec{Dim: 16}
	const n, k = 1000, 10
	index := open(t, pgtest.Database(t), "papers", spec)
	random := rand.New(rand.NewPCG(1, 2))
	vectors, ids := vectortest.Random(random, n*spec.Dim), vectortest.IDs(0, n)
	if err := index.Add(t.Context(), ids, vectors); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it is there
		if err := index.BuildHNSW(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	hits := 0
	for range 20 {
		query := vectortest.Random(random, spec.Dim)
		found, err := index.Search(t.Context(), query, k)
		if err != nil {
			t.Fatal(err)
		}
		near := map[int64]bool{}
		for _, n := range vectortest.Nearest(spec, ids, vectors, query, k) {
			near[n.ID] = true
		}
		for _, n := range found[0] {
			if near[n.ID] {
				hits++
			}
		}
	}
	if recall := float64(hits) / (20 * k); recall < 0.9 {
		t.Errorf("recall@%d is %.2f", k, recall)
	}
}
