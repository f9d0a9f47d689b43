package compute_test

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/hub"
)

func TestEmbedWithMiniLM(t *testing.T) {
	model, err := hub.Default().Resolve("all-MiniLM-L6-v2")
	if err != nil {
		if model, err = filepath.Abs("../../../.build/all-MiniLM-L6-v2"); err == nil {
			model, err = hub.Default().Resolve(model)
		}
	}
	if err != nil {
		t.Skip("NOTHING WAS TESTED WITH MiniLM, which make setup brings: ", err)
	}
	folder(t)
	got := call{stdin: strings.NewReader("The cat sits outside\nA cat is outdoors\nQuantum chromodynamics on the lattice\n")}.run("embed", "--model", model)
	vectors := decode[struct{ Embedding []float64 }](t, got.out)
	if len(vectors) != 3 || len(vectors[0].Embedding) != 384 {
		t.Fatalf("%.200q: %s", got.out, got.err)
	}
	cosine := func(i, j int) (sum float64) {
		for k, x := range vectors[i].Embedding {
			sum += x * vectors[j].Embedding[k]
		}
		return sum
	}
	if math.Abs(cosine(0, 0)-1) > 1e-5 || cosine(0, 1) < 0.6 || cosine(0, 2) > 0.2 {
		t.Errorf("cosines %v with itself, %v with a paraphrase, %v with another subject", cosine(0, 0), cosine(0, 1), cosine(0, 2))
	}
}
