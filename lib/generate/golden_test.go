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
	folder := filepath.Join("..", "t5", "testdata", name)
	if name == "narrow" {
		folder = filepath.Join("testdata", name)
	}
	m, err := t5.Load(folder, tensor.CPU)
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
	IDs      [][]int   // num_return_sequences a prompt
	Scores   []float64 // of beam searches, as many; -1e300 for minus infinity
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
			g.check(t, g.alone(t, load(t, g.Model)))
		})
	}
}

func TestATextIsWrittenInAPaddedBatchAsAlone(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(fmt.Sprintf("%s %s", g.Model, g.Settings), func(t *testing.T) {
			g.check(t, g.together(t, load(t, g.Model)))
		})
	}
}

// alone are the texts of each prompt by itself.
func (g golden) alone(t *testing.T, m *t5.Model) (all []generate.Sequence) {
	t.Helper()
	for _, prompt := range g.Prompts {
		out, err := generate.Generate(t.Context(), m, [][]int{prompt}, g.config(t))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, out...)
	}
	return all
}

// together are those of all prompts in one padded batch.
func (g golden) together(t *testing.T, m *t5.Model) []generate.Sequence {
	t.Helper()
	out, err := generate.Generate(t.Context(), m, g.Prompts, g.config(t))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (g golden) check(t *testing.T, got []generate.Sequence) {
	t.Helper()
	if len(got) != len(g.IDs) {
		t.Fatalf("%d texts, the peer's %d", len(got), len(g.IDs))
	}
	for i, want := range g.IDs {
		if !slices.Equal(got[i].IDs, want) {
			t.Errorf("text %d is %v, the peer's %v", i, got[i].IDs, want)
		}
	}
	for i, want := range g.Scores {
		if got := max(got[i].Score, -1e300); !(math.Abs(got-want) <= 1e-4*max(1, math.Abs(want))) {
			t.Errorf("text %d has score %g, the peer's %g", i, got, want)
		}
	}
}
