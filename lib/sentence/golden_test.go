package sentence_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/hub"
	"paperlab/lib/nn/nntest"
	"paperlab/lib/optim"
	"paperlab/lib/sentence"
	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
)

// golden opens what Sentence-Transformers computed (testdata/make_golden.py).
func golden(t *testing.T, file string) nntest.Golden {
	t.Helper()
	return nntest.Open(t, "testdata/"+file)
}

func goldenTexts(t testing.TB) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/texts.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

func load(t testing.TB, dir string) *sentence.Model {
	t.Helper()
	m, err := sentence.Load(dir, tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func encode(t testing.TB, m *sentence.Model, texts []string, o sentence.Options) []float32 {
	t.Helper()
	vectors, err := m.Encode(t.Context(), texts, o)
	if err != nil {
		t.Fatal(err)
	}
	return vectors
}

// sameDirections fails the test unless every vector's cosine with the peer's is above 0.99999.
func sameDirections(t *testing.T, got, want []float32, dim int) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d values, the peer has %d", len(got), len(want))
	}
	for i := 0; i < len(want); i += dim {
		if c := sentence.Cosine(got[i:i+dim], want[i:i+dim]); !(c > 0.99999) {
			t.Errorf("text %d: cosine %v with the peer's", i/dim, c)
		}
	}
}

func TestEmbeddingsEqualThePeers(t *testing.T) {
	want := golden(t, "golden.safetensors")
	modules := func(normalize bool, modes ...string) func(dir string) {
		return func(dir string) { writePooling(t, dir, normalize, modes...) }
	}
	for name, change := range map[string]func(dir string){
		"mean": func(string) {},
		"cls":  modules(false, "cls_token"),
		"max":  modules(false, "max_tokens"),
		"all":  modules(false, "mean_tokens", "max_tokens", "cls_token"),
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyTiny(t)
			change(dir)
			m := load(t, dir)
			nntest.Near(t, "embeddings", encode(t, m, goldenTexts(t), sentence.Options{BatchSize: 3}), want.Float32s(name))
		})
	}
}

func pairs(t *testing.T, m *sentence.Model, negatives ...[]string) *sentence.Pairs {
	t.Helper()
	texts := goldenTexts(t)
	var anchors, positives []string
	for i := 0; i < 12; i += 2 {
		anchors, positives = append(anchors, texts[i]), append(positives, texts[i+1])
	}
	p, err := m.Pairs(t.Context(), anchors, positives, negatives...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var all = []int{0, 1, 2, 3, 4, 5}

func TestLossEqualsThePeers(t *testing.T) {
	m, want, s := load(t, "testdata/tiny"), golden(t, "golden.safetensors"), nntest.NewScope(t)
	learner := sentence.Ranking{Model: m, Scale: loss.Scale}
	for name, p := range map[string]*sentence.Pairs{"loss": pairs(t, m), "hard_loss": pairs(t, m, goldenTexts(t)[12:18])} {
		l := learner.Loss(s, p.Batch(s, all))
		if s.Err() != nil {
			t.Fatal(s.Err())
		}
		got, err := l.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		nntest.Near(t, name, got, want.Float32s(name))
	}
}

func TestEveryGradientEqualsThePeers(t *testing.T) {
	m, want, s := load(t, "testdata/tiny"), golden(t, "golden.safetensors"), nntest.NewScope(t)
	backward(t, s, sentence.Ranking{Model: m, Scale: loss.Scale}, pairs(t, m))
	for _, spec := range m.Parameters().Specs() {
		grad, err := s.Grad(m.Parameters().Get(spec.Name)).Float32s()
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasPrefix(spec.Name, "pooler"): // the peer has none
			nntest.Near(t, spec.Name, grad, make([]float32, len(grad)))
		case strings.HasSuffix(spec.Name, "key.bias"): // zero but for rounding: a softmax does not see it
		default:
			nntest.Near(t, spec.Name, grad, want.Float32s("grad."+spec.Name))
		}
	}
}

func backward(t testing.TB, s *tensor.Scope, learner sentence.Ranking, p *sentence.Pairs) float64 {
	t.Helper()
	l := learner.Loss(s, p.Batch(s, all))
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	if err := tensor.Backward(l); err != nil {
		t.Fatal(err)
	}
	value, err := l.Item()
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestThirtyStepsOfTrainingEqualThePeers(t *testing.T) {
	m, want := load(t, "testdata/tiny"), golden(t, "golden.safetensors")
	p, learner := pairs(t, m), sentence.Ranking{Model: m, Scale: loss.Scale}
	adamw, err := optim.NewAdamW(m.Parameters(), 0.01)
	if err != nil {
		t.Fatal(err)
	}
	defer adamw.Close()
	var losses []float32
	for range 30 {
		s := tensor.NewScope(tensor.CPU)
		losses = append(losses, float32(backward(t, s, learner, p)))
		_, scale, err := optim.Clip(m.Parameters(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := adamw.Step(1e-3, scale); err != nil {
			t.Fatal(err)
		}
		m.Parameters().ZeroGrad(s)
		s.Close()
	}
	nntest.Near(t, "losses", losses, want.Float32s("losses"))
	for _, spec := range m.Parameters().Specs() {
		got, err := m.Parameters().Get(spec.Name).Float32s()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(spec.Name, "key.bias") { // where Adam turns rounding into steps
			nntest.Near(t, spec.Name, got, want.Float32s("final."+spec.Name))
		}
	}
}

// minilmDir returns the folder with the real weights, which set-up brings.
func minilmDir(t testing.TB) string {
	t.Helper()
	dir, err := hub.Default().Resolve("all-MiniLM-L6-v2")
	if err != nil {
		t.Skipf("SKIPPED: no weights of all-MiniLM-L6-v2 to embed with: %v", err)
	}
	return dir
}

func minilm(t testing.TB) *sentence.Model { return load(t, minilmDir(t)) }

// minilmOf loads the real weights to read as many tokens of a text.
func minilmOf(t *testing.T, maxLength int) *sentence.Model {
	t.Helper()
	from, dir := minilmDir(t), t.TempDir()
	for _, name := range []string{"config.json", "model.safetensors", "modules.json", "tokenizer.json", "tokenizer_config.json", "1_Pooling"} {
		if err := os.Symlink(filepath.Join(from, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, "sentence_bert_config.json"), fmt.Sprintf(`{"max_seq_length": %d}`, maxLength))
	return load(t, dir)
}

func TestMiniLMsEmbeddingsEqualThePeers(t *testing.T) {
	m, want, texts := minilm(t), golden(t, "minilm.safetensors"), goldenTexts(t)
	texts[len(texts)-1] = strings.Repeat(texts[len(texts)-1], 20)
	sameDirections(t, encode(t, m, texts, sentence.Options{}), want.Float32s("embeddings"), 384)
}

func TestBFloat16ChangesLittle(t *testing.T) {
	m, texts := minilm(t), goldenTexts(t)
	want := encode(t, m, texts, sentence.Options{})
	got := encode(t, m, texts, sentence.Options{Precision: tensor.BFloat16})
	for i := range texts {
		if c := sentence.Cosine(got[i*384:(i+1)*384], want[i*384:(i+1)*384]); c < 0.999 {
			t.Errorf("text %d: cosine %v", i, c)
		}
	}
}

func TestOneTextIsEmbeddedAsAmongOthers(t *testing.T) {
	m, texts := load(t, "testdata/tiny"), goldenTexts(t)
	vectors := encode(t, m, texts, sentence.Options{})
	for i, text := range texts {
		got, err := m.Embed(context.Background(), text)
		if err != nil {
			t.Fatal(err)
		}
		nntest.Near(t, text, got, vectors[i*m.Dim():(i+1)*m.Dim()])
	}
}
