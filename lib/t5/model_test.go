package t5_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/nn/nntest"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

func newModel(t testing.TB, seed int64) *t5.Model {
	t.Helper()
	c, err := t5.Named("t5-test")
	if err != nil {
		t.Fatal(err)
	}
	m, err := t5.New(c, tensor.CPU, seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func values(t testing.TB, p *nn.Parameters) []float32 {
	t.Helper()
	flat, _ := p.Flat()
	all, err := flat.Float32s()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestASavedModelIsTheFilesThatThePeerSaved(t *testing.T) {
	for _, name := range models {
		from, to := filepath.Join("testdata", name), t.TempDir()
		if err := load(t, from).Save(to); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{"model.safetensors", "generation_config.json"} {
			got, err := os.ReadFile(filepath.Join(to, file))
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join(from, file))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s/%s is not the peer's, byte for byte", name, file)
			}
		}
		if !slices.Equal(values(t, load(t, to).Parameters()), values(t, load(t, from).Parameters())) {
			t.Errorf("%s: saved and loaded weights differ", name)
		}
	}
}

func TestANewModelHasGenerationSettingsOfItsOwn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "by", "save")
	if err := newModel(t, 1).Save(dir); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "generation_config.json"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/gated/generation_config.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("wrote %s, the peer %s", got, want)
	}
}

func TestEqualSeedsGiveEqualModels(t *testing.T) {
	one, same, other := values(t, newModel(t, 1).Parameters()), values(t, newModel(t, 1).Parameters()), values(t, newModel(t, 2).Parameters())
	if !slices.Equal(one, same) {
		t.Error("seed 1 gave two models")
	}
	if slices.Equal(one, other) {
		t.Error("seeds 1 and 2 gave one model")
	}
}

func TestRandomWeightsHaveThePeersDistributions(t *testing.T) {
	c, err := t5.Named("t5-tiny")
	if err != nil {
		t.Fatal(err)
	}
	c.TieWordEmbeddings, c.InitializerFactor, c.VocabSize = false, 0.5, 1000
	m, err := t5.New(c, tensor.CPU, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	// d_model 128, d_kv 32, 4 heads, d_ff 256; every deviation is halved by the factor.
	for name, want := range map[string]float64{
		"shared.weight":  0.5,
		"lm_head.weight": 0.5,
		"encoder.block.1.layer.0.SelfAttention.q.weight":     0.5 / math.Sqrt(128*32),
		"decoder.block.0.layer.1.EncDecAttention.k.weight":   0.5 / math.Sqrt(128),
		"decoder.block.1.layer.0.SelfAttention.v.weight":     0.5 / math.Sqrt(128),
		"encoder.block.0.layer.0.SelfAttention.o.weight":     0.5 / math.Sqrt(128),
		"encoder.block.0.layer.1.DenseReluDense.wi_0.weight": 0.5 / math.Sqrt(128),
		"decoder.block.0.layer.2.DenseReluDense.wi_1.weight": 0.5 / math.Sqrt(128),
		"decoder.block.1.layer.2.DenseReluDense.wo.weight":   0.5 / math.Sqrt(256),
	} {
		drawn, err := m.Parameters().Get(name).Float32s()
		if err != nil {
			t.Fatal(name, err)
		}
		var sum, squares float64
		for _, v := range drawn {
			sum += float64(v)
			squares += float64(v) * float64(v)
		}
		n := float64(len(drawn))
		if got := math.Sqrt(squares / n); math.Abs(got/want-1) > 0.03 {
			t.Errorf("%s: deviation %g, want %g", name, got, want)
		}
		if mean := sum / n; math.Abs(mean) > 4*want/math.Sqrt(n) {
			t.Errorf("%s: mean %g", name, mean)
		}
	}
	norm, err := m.Parameters().Get("encoder.final_layer_norm.weight").Float32s()
	if err != nil || slices.ContainsFunc(norm, func(v float32) bool { return v != 0.5 }) {
		t.Errorf("norms start at %v (%v)", norm, err)
	}
}

func TestOnlyNormsAndPositionBiasesDoNotDecay(t *testing.T) {
	for _, spec := range newModel(t, 1).Parameters().Specs() {
		want := !strings.Contains(spec.Name, "layer_norm") && !strings.Contains(spec.Name, "bias")
		if spec.Decay != want {
			t.Errorf("%s: decay %v", spec.Name, spec.Decay)
		}
	}
}

func TestAnEmbeddingIsFoundUnderItsOtherNames(t *testing.T) {
	for _, c := range []struct{ model, alias string }{
		{"gated", "encoder.embed_tokens.weight"}, {"gated", "decoder.embed_tokens.weight"}, {"tied", "lm_head.weight"},
	} {
		dir := renamed(t, filepath.Join("testdata", c.model), "shared.weight", c.alias)
		if !slices.Equal(values(t, load(t, dir).Parameters()), values(t, load(t, filepath.Join("testdata", c.model)).Parameters())) {
			t.Errorf("%s: weights differ with the embedding as %s", c.model, c.alias)
		}
	}
}

func TestAMissingOutputLayerIsAnErrorAndNotTheEmbedding(t *testing.T) {
	dir := renamed(t, "testdata/gated", "lm_head.weight", "elsewhere.weight")
	if _, err := t5.Load(dir, tensor.CPU); err == nil || !strings.Contains(err.Error(), "lm_head.weight") {
		t.Errorf("error %v", err)
	}
}

// renamed copies a model into a new folder, one of its weights under another name.
func renamed(t *testing.T, from, weight, name string) string {
	t.Helper()
	return nntest.Renamed(t, from, func(found string) string {
		if found == weight {
			return name
		}
		return found
	})
}

func TestAFolderThatHoldsNoModelIsAnError(t *testing.T) {
	other := renamed(t, "testdata/tied", "", "")
	config, err := os.ReadFile("testdata/gated/config.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "config.json"), config, 0o644); err != nil {
		t.Fatal(err)
	}
	noWeights := t.TempDir()
	if err := os.WriteFile(filepath.Join(noWeights, "config.json"), config, 0o644); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{
		t.TempDir(): "config.json", noWeights: "holds no weights", other: "shape",
	} {
		if _, err := t5.Load(dir, tensor.CPU); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v says nothing of %q", err, want)
		}
	}
}

func TestDropoutIsForTrainingOnly(t *testing.T) {
	m, g := newModel(t, 1), openGolden(t, "gated")
	losses := map[bool][]float64{}
	for _, training := range []bool{true, true, false, false} {
		s := nntest.NewScope(t)
		s.Training = training
		loss := m.Loss(s, goldenBatch(g, s))
		if s.Err() != nil {
			t.Fatal(s.Err())
		}
		v, err := loss.Item()
		if err != nil {
			t.Fatal(err)
		}
		losses[training] = append(losses[training], v)
	}
	if losses[true][0] == losses[true][1] {
		t.Error("training twice gave one loss: no dropout")
	}
	if losses[false][0] != losses[false][1] {
		t.Error("evaluating twice gave two losses")
	}
}

func TestInMixedPrecisionLossAndGradientsStayNear(t *testing.T) {
	m, g, s := load(t, "testdata/gated"), openGolden(t, "gated"), nntest.NewScope(t)
	var loss float64
	err := tensor.Autocast(tensor.CPU, tensor.BFloat16, func() (err error) {
		x := m.Loss(s, goldenBatch(g, s))
		if s.Err() != nil {
			return s.Err()
		}
		if loss, err = x.Item(); err != nil {
			return err
		}
		return tensor.Backward(x)
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := float64(g.Float32s("loss")[0]); math.Abs(loss/want-1) > 0.02 {
		t.Errorf("loss %g, in float32 %g", loss, want)
	}
	norm, err := m.Parameters().GradNorm()
	if err != nil || !(norm > 0) || math.IsInf(norm, 0) {
		t.Errorf("gradient norm %g, %v", norm, err)
	}
}

func TestABadBatchIsTheScopesError(t *testing.T) {
	m := newModel(t, 1)
	for name, batch := range map[string]func(s *tensor.Scope) t5.Batch{
		"nothing at all": func(s *tensor.Scope) t5.Batch { return t5.Batch{} },
		"an id outside the vocabulary": func(s *tensor.Scope) t5.Batch {
			one := s.FromInt64s([]int64{1}, 1, 1)
			return t5.Batch{InputIDs: s.FromInt64s([]int64{64}, 1, 1), AttentionMask: one, Labels: one}
		},
		"a mask of another length": func(s *tensor.Scope) t5.Batch {
			two := s.FromInt64s([]int64{1, 1}, 1, 2)
			return t5.Batch{InputIDs: two, AttentionMask: s.FromInt64s([]int64{1, 1, 1}, 1, 3), Labels: two}
		},
		"labels of another batch": func(s *tensor.Scope) t5.Batch {
			two := s.FromInt64s([]int64{1, 1}, 2, 1)
			return t5.Batch{InputIDs: two, AttentionMask: two, Labels: s.FromInt64s([]int64{1, 1, 1}, 3, 1)}
		},
		"labels without a length": func(s *tensor.Scope) t5.Batch {
			two := s.FromInt64s([]int64{1, 1}, 2, 1)
			return t5.Batch{InputIDs: two, AttentionMask: two, Labels: s.FromInt64s([]int64{1, 1}, 2)}
		},
	} {
		s := nntest.NewScope(t)
		if loss := m.Loss(s, batch(s)); loss != nil || s.Err() == nil {
			t.Errorf("%s: loss %v, no error", name, loss)
		}
	}
}

func TestADecoderRefusesWhatItCannotRead(t *testing.T) {
	m, s := newModel(t, 1), nntest.NewScope(t)
	mask := s.FromInt64s([]int64{1, 1}, 1, 2)
	encoded := m.Encode(s, s.FromInt64s([]int64{5, 1}, 1, 2), mask)
	d := m.NewDecoder(s, encoded, mask, 2, 1)
	for name, step := range map[string][2][]int64{
		"too few tokens": {{0}, {0, 0}}, "a parent that is no beam": {{0, 0}, {0, 2}}, "a negative parent": {{0, 0}, {-1, 0}},
	} {
		c := s.Child()
		if d.Step(c, step[0], step[1]); c.Err() == nil {
			t.Errorf("%s: no error", name)
		}
		c.Close()
	}
	if d.Step(s, []int64{0, 0}, []int64{0, 0}); s.Err() != nil {
		t.Fatal(s.Err())
	}
	if d.Step(s, []int64{0, 0}, []int64{0, 0}); s.Err() == nil {
		t.Error("a step past the limit: no error")
	}
}

func TestOneModelServesSeveralGoroutines(t *testing.T) {
	m, g := load(t, "testdata/gated"), openGolden(t, "gated")
	logits, scopes := make([]*tensor.Tensor, 4), make([]*tensor.Scope, 4)
	var all sync.WaitGroup
	for i := range logits {
		scopes[i] = nntest.NewScope(t)
		batch := goldenBatch(g, scopes[i])
		all.Go(func() { logits[i] = m.Logits(scopes[i], batch) })
	}
	all.Wait()
	for i := range logits {
		nntest.Near(t, "logits", nntest.Float32s(t, scopes[i], logits[i]), g.Float32s("logits"))
	}
}

// BenchmarkStep is the forward and backward pass of the study's batch, 4 x (256 + 64 tokens), on flan-t5-small with dropout: a quarter
// of an optimizer step.
func BenchmarkStep(b *testing.B) {
	c, err := t5.Named("flan-t5-small")
	if err != nil {
		b.Fatal(err)
	}
	m, err := t5.New(c, tensor.CPU, 1)
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	ids, ones := make([]int64, 4*256), slices.Repeat([]int64{1}, 4*256)
	for i := range ids {
		ids[i] = int64(3 + i*31%30000)
	}
	for b.Loop() {
		s := tensor.NewScope(tensor.CPU)
		s.Training = true
		loss := m.Loss(s, t5.Batch{
			InputIDs: s.FromInt64s(ids, 4, 256), AttentionMask: s.FromInt64s(ones, 4, 256), Labels: s.FromInt64s(ids[:4*64], 4, 64),
		})
		if s.Err() != nil {
			b.Fatal(s.Err())
		}
		if err := tensor.Backward(loss); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
