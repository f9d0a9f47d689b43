package bert_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/bert"
	"paperlab/lib/nn"
	"paperlab/lib/nn/nntest"
	"paperlab/lib/tensor"
	"paperlab/peers"
)

var small = bert.Config{
	VocabSize: 50, HiddenSize: 8, NumHiddenLayers: 2, NumAttentionHeads: 2, IntermediateSize: 16, MaxPositionEmbeddings: 10,
	TypeVocabSize: 2, HiddenDropoutProb: 0.5, AttentionProbsDropoutProb: 0.5, InitializerRange: 0.02, LayerNormEps: 1e-12,
}

func newModel(t testing.TB, c bert.Config, seed int64) *bert.Model {
	t.Helper()
	m, err := bert.New(c, tensor.CPU, seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func values(t testing.TB, m *bert.Model) []float32 {
	t.Helper()
	flat, _ := m.Parameters().Flat()
	v, err := flat.Float32s()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestASavedModelLoadsAsItWas(t *testing.T) {
	for _, m := range []*bert.Model{newModel(t, small, 1), load(t, "testdata/tiny")} {
		dir := filepath.Join(t.TempDir(), "made", "by", "save")
		for range 2 { // the second time over the first
			if err := m.Save(dir); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(values(t, load(t, dir)), values(t, m)) {
			t.Error("saved and loaded weights differ")
		}
	}
}

func TestEqualSeedsGiveEqualModels(t *testing.T) {
	one, same, other := values(t, newModel(t, small, 1)), values(t, newModel(t, small, 1)), values(t, newModel(t, small, 2))
	if !slices.Equal(one, same) {
		t.Error("seed 1 gave two models")
	}
	if slices.Equal(one, other) {
		t.Error("seeds 1 and 2 gave one model")
	}
}

func TestRandomWeightsHaveThePeersDistributions(t *testing.T) {
	c := small
	c.HiddenSize, c.VocabSize, c.PadTokenID = 64, 500, 3
	m := newModel(t, c, 3)
	for _, spec := range m.Parameters().Specs() {
		drawn, err := m.Parameters().Get(spec.Name).Float32s()
		if err != nil {
			t.Fatal(err)
		}
		constant := map[bool]float32{true: 1, false: 0}[strings.HasSuffix(spec.Name, "LayerNorm.weight")]
		if len(spec.Shape) == 1 {
			if slices.ContainsFunc(drawn, func(v float32) bool { return v != constant }) {
				t.Errorf("%s starts at %v", spec.Name, drawn)
			}
			continue
		}
		var squares float64
		for _, v := range drawn {
			squares += float64(v) * float64(v)
		}
		if got := math.Sqrt(squares / float64(len(drawn))); math.Abs(got/c.InitializerRange-1) > 0.2 {
			t.Errorf("%s: deviation %g, want %g", spec.Name, got, c.InitializerRange)
		}
	}
	words, err := m.Parameters().Get("embeddings.word_embeddings.weight").Float32s()
	if err != nil || slices.ContainsFunc(words[3*64:4*64], func(v float32) bool { return v != 0 }) || words[2*64] == 0 || words[4*64] == 0 {
		t.Errorf("the padding's embedding is not zero, or another is (%v)", err)
	}
}

func TestOnlyMatricesBelowThePoolerDecay(t *testing.T) {
	for _, spec := range newModel(t, small, 1).Parameters().Specs() {
		want := len(spec.Shape) == 2 && !strings.HasPrefix(spec.Name, "pooler")
		if spec.Decay != want {
			t.Errorf("%s: decay %v", spec.Name, spec.Decay)
		}
	}
}

func TestWeightsAreFoundUnderTheirOtherNames(t *testing.T) {
	want := values(t, load(t, "testdata/tiny"))
	old := strings.NewReplacer("LayerNorm.weight", "LayerNorm.gamma", "LayerNorm.bias", "LayerNorm.beta")
	for what, rename := range map[string]func(string) string{
		"of a larger model":       func(name string) string { return "bert." + name },
		"of TensorFlow's norms":   old.Replace,
		"of both, as in the base": func(name string) string { return "bert." + old.Replace(name) },
	} {
		if !slices.Equal(values(t, load(t, nntest.Renamed(t, "testdata/tiny", rename))), want) {
			t.Errorf("weights under the names %s differ", what)
		}
	}
}

func TestAModelWithoutAPoolerIsWhole(t *testing.T) {
	dir := nntest.Renamed(t, "testdata/tiny", func(name string) string {
		if strings.HasPrefix(name, "pooler") {
			return ""
		}
		return name
	})
	m, again := load(t, dir), t.TempDir()
	if m.Parameters().Get("pooler.dense.weight") != nil {
		t.Error("a pooler came from nowhere")
	}
	if err := m.Save(again); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(values(t, load(t, again)), values(t, m)) {
		t.Error("saved and loaded weights differ")
	}
}

func TestAFolderThatHoldsNoModelIsAnError(t *testing.T) {
	noWeights := t.TempDir()
	config, err := os.ReadFile("testdata/tiny/config.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(noWeights, "config.json"), config, 0o644); err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	if err := newModel(t, small, 1).Save(other); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "config.json"), config, 0o644); err != nil {
		t.Fatal(err)
	}
	lacking := nntest.Renamed(t, "testdata/tiny", func(name string) string { return strings.Replace(name, "layer.1.output.dense.bias", "elsewhere", 1) })
	for dir, want := range map[string]string{
		t.TempDir(): "config.json", noWeights: "holds no weights", other: "shape", lacking: "encoder.layer.1.output.dense.bias",
	} {
		if _, err := bert.Load(dir, tensor.CPU); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v says nothing of %q", err, want)
		}
	}
}

func TestDropoutIsForTrainingOnly(t *testing.T) {
	m := newModel(t, small, 1)
	pass := func(training bool) []float32 {
		s := nntest.NewScope(t)
		s.Training = training
		ids, mask := nn.Pad(s, [][]int{{5, 6, 7}}, 0)
		return nntest.Float32s(t, s, m.Forward(s, ids, mask, nil))
	}
	if slices.Equal(pass(true), pass(true)) {
		t.Error("training twice gave the same: no dropout")
	}
	if !slices.Equal(pass(false), pass(false)) {
		t.Error("computing twice gave two results")
	}
}

func TestPaddingChangesNothing(t *testing.T) {
	m, s := load(t, "testdata/tiny"), nntest.NewScope(t)
	alone, mask := nn.Pad(s, [][]int{{5, 6, 7}}, 0)
	want := nntest.Float32s(t, s, m.Forward(s, alone, mask, nil))
	padded, mask := nn.Pad(s, [][]int{{5, 6, 7}, {1, 2, 3, 4, 5, 6, 7, 8}}, 0)
	nntest.Near(t, "hidden states", nntest.Float32s(t, s, m.Forward(s, padded, mask, nil))[:len(want)], want)
}

func TestABadBatchIsTheScopesError(t *testing.T) {
	m := newModel(t, small, 1)
	for name, forward := range map[string]func(s *tensor.Scope) *tensor.Tensor{
		"nothing at all": func(s *tensor.Scope) *tensor.Tensor { return m.Forward(s, nil, nil, nil) },
		"an id outside the vocabulary": func(s *tensor.Scope) *tensor.Tensor {
			ids, mask := nn.Pad(s, [][]int{{50}}, 0)
			return m.Forward(s, ids, mask, nil)
		},
		"a text that is too long": func(s *tensor.Scope) *tensor.Tensor {
			ids, mask := nn.Pad(s, [][]int{make([]int, 11)}, 0)
			return m.Forward(s, ids, mask, nil)
		},
		"a mask of another length": func(s *tensor.Scope) *tensor.Tensor {
			ids, _ := nn.Pad(s, [][]int{{1, 2, 3}}, 0)
			_, mask := nn.Pad(s, [][]int{{1, 2}}, 0)
			return m.Forward(s, ids, mask, nil)
		},
		"a type that there is not": func(s *tensor.Scope) *tensor.Tensor {
			ids, mask := nn.Pad(s, [][]int{{1, 2, 3}}, 0)
			return m.Forward(s, ids, mask, s.FromInt64s([]int64{0, 1, 2}, 1, 3))
		},
	} {
		s := nntest.NewScope(t)
		if hidden := forward(s); hidden != nil || s.Err() == nil {
			t.Errorf("%s: %v, no error", name, hidden)
		}
	}
}

func TestOneModelServesSeveralGoroutines(t *testing.T) {
	m, g := load(t, "testdata/tiny"), nntest.Open(t, golden)
	var all sync.WaitGroup
	for range 4 {
		s := nntest.NewScope(t)
		ids, mask := g.IDs(s, "input_ids"), g.IDs(s, "attention_mask")
		want := g.Float32s("untyped")
		all.Go(func() {
			got, err := m.Forward(s, ids, mask, nil).Float32s()
			if s.Err() != nil || err != nil || nntest.Distance(got, want) > 1e-4 {
				t.Errorf("off by %g of its length (%v, %v)", nntest.Distance(got, want), s.Err(), err)
			}
		})
	}
	all.Wait()
}

func TestThePeerLoadsWhatWeSaved(t *testing.T) {
	python := peers.Command(t, peers.Study, "testdata/make_golden.py", "save")
	m, dir := newModel(t, small, 7), t.TempDir()
	if err := m.Save(dir); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	python.Args = append(python.Args, dir)
	if python.Stderr = &stderr; python.Run() != nil || strings.Contains(stderr.String(), "newly initialized") {
		t.Fatal(stderr.String())
	}
	again := load(t, filepath.Join(dir, "again"))
	if !slices.Equal(values(t, again), values(t, m)) {
		t.Error("what the peer saved again differs")
	}
}
