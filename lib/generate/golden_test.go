package generate_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"paperlab/lib/generate"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

func load(t testing.TB, name string) *t5.Model {
	t.Helper()
	m, err := t5.Load(filepath.Join("..", "t5", "testdata", name), tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// golden is what transformers generated (testdata/make_golden.py).
type golden struct {
	Model    string
	Settings json.RawMessage
	Prompts  [][]int
	IDs      [][]int
	Scores   []float64 // of beam searches
}

func (g golden) config(t *testing.T) generate.Config {
	t.Helper()
	cfg := generate.Default()
	if err := json.Unmarshal(g.Settings, &cfg); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func goldens(t *testing.T) []golden {
	t.Helper()
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []golden
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestATextIsWrittenAsThePeerWritesIt(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(fmt.Sprintf("%s %s", g.Model, g.Settings), func(t *testing.T) {
			m, cfg := load(t, g.Model), g.config(t)
			for i, prompt := range g.Prompts {
				out, err := generate.Generate(t.Context(), m, [][]int{prompt}, cfg)
				if err != nil {
					t.Fatal(err)
				}
				g.check(t, i, out[0])
			}
		})
	}
}

func TestATextIsWrittenInAPaddedBatchAsAlone(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(fmt.Sprintf("%s %s", g.Model, g.Settings), func(t *testing.T) {
			out, err := generate.Generate(t.Context(), load(t, g.Model), g.Prompts, g.config(t))
			if err != nil {
				t.Fatal(err)
			}
			for i := range g.Prompts {
				g.check(t, i, out[i])
			}
		})
	}
}

func (g golden) check(t *testing.T, prompt int, got generate.Sequence) {
	t.Helper()
	if want := g.IDs[prompt]; !slices.Equal(got.IDs, want) {
		t.Errorf("prompt %d gave %v, the peer %v", prompt, got.IDs, want)
	}
	if len(g.Scores) == 0 {
		return
	}
	if want := g.Scores[prompt]; !(math.Abs(got.Score-want) <= 1e-4*max(1, math.Abs(want))) {
		t.Errorf("prompt %d has score %g, the peer %g", prompt, got.Score, want)
	}
}
