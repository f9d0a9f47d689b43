package sentence_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/sentence"
	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
)

// differentiator is what package train asks a model for that computes its gradients by itself.
type differentiator interface {
	Backward(s *tensor.Scope, b sentence.Batch, share float64, random *tensor.Random) (float64, error)
}

// step is what one backward pass leaves behind.
type step struct {
	loss      float64
	gradients map[string][]float32
	random    tensor.RandomState
}

// stepOf runs a backward pass of a ranking on pairs, as package train does: in training mode, from one seed.
func stepOf(t *testing.T, r sentence.Ranking, p *sentence.Pairs, precision tensor.DType) (after step) {
	t.Helper()
	random, err := tensor.HoldRandom(t.Name(), tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	defer random.Release()
	if err := random.Seed(7); err != nil {
		t.Fatal(err)
	}
	s := nntest.NewScope(t)
	r.Parameters().ZeroGrad(s)
	s.Training = true
	indices := make([]int, p.Len())
	for i := range indices {
		indices[i] = i
	}
	err = tensor.Autocast(tensor.CPU, precision, func() error {
		batch := p.Batch(s, indices)
		if own, ok := r.Task(p, nil).Model.(differentiator); ok {
			after.loss, err = own.Backward(s, batch, 0.5, random)
			return err
		}
		half := s.MulScalar(r.Loss(s, batch), 0.5)
		if s.Err() != nil {
			return s.Err()
		}
		if after.loss, err = half.Item(); err != nil {
			return err
		}
		return tensor.Backward(half)
	})
	if err != nil {
		t.Fatal(err)
	}
	if after.random, err = random.State(); err != nil {
		t.Fatal(err)
	}
	after.gradients = map[string][]float32{}
	for _, spec := range r.Parameters().Specs() {
		if after.gradients[spec.Name], err = s.Grad(r.Parameters().Get(spec.Name)).Float32s(); err != nil {
			t.Fatal(err)
		}
	}
	return after
}

// sameStep fails the test unless the gradients, all as one vector, are within a share of want's length.
func sameStep(t *testing.T, got, want step, within float64) {
	t.Helper()
	var distance, length float64
	for name, values := range want.gradients {
		for i, w := range values {
			distance += math.Pow(float64(got.gradients[name][i])-float64(w), 2)
			length += math.Pow(float64(w), 2)
		}
	}
	if !(math.Abs(got.loss-want.loss) <= within*want.loss) || !(math.Sqrt(distance) <= within*math.Sqrt(length)) || length == 0 {
		t.Errorf("loss %v, want %v; gradients off by %.3g of their length", got.loss, want.loss, math.Sqrt(distance/length))
	}
}

// withDropout returns the tiny model with another share of dropout.
func withDropout(t *testing.T, p float64) *sentence.Model {
	t.Helper()
	dir := copyTiny(t)
	path := filepath.Join(dir, "config.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var config map[string]any
	if err := json.Unmarshal(data, &config); err != nil {
		t.Fatal(err)
	}
	config["hidden_dropout_prob"], config["attention_probs_dropout_prob"] = p, p
	if data, err = json.Marshal(config); err != nil {
		t.Fatal(err)
	}
	write(t, path, string(data))
	return load(t, dir)
}

func TestMiniBatchesGiveTheGradientsOfTheWholeBatch(t *testing.T) {
	for _, c := range []struct {
		name      string
		precision tensor.DType
		within    float64
	}{
		{"in float32", tensor.Float32, 1e-5},
		{"in mixed bfloat16", tensor.BFloat16, 0.02},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := withDropout(t, 0)
			p := pairs(t, m, goldenTexts(t)[12:18])
			want := stepOf(t, sentence.Ranking{Model: m, Scale: loss.Scale}, p, c.precision)
			for _, size := range []int{1, 2, 4, 6, 100} {
				sameStep(t, stepOf(t, sentence.Ranking{Model: m, Scale: loss.Scale, MiniBatch: size}, p, c.precision), want, c.within)
			}
		})
	}
}

func TestTheSecondPassRepeatsTheDropoutOfTheFirst(t *testing.T) {
	m := withDropout(t, 0.3)
	p := pairs(t, m)
	whole := stepOf(t, sentence.Ranking{Model: m, Scale: loss.Scale}, p, tensor.Float32)
	// One mini-batch a column draws what the whole batch draws.
	one := stepOf(t, sentence.Ranking{Model: m, Scale: loss.Scale, MiniBatch: 6}, p, tensor.Float32)
	sameStep(t, one, whole, 1e-5)
	if string(one.random.CPU) != string(whole.random.CPU) {
		t.Error("the generator is left elsewhere than by one pass")
	}
	if plain := stepOf(t, sentence.Ranking{Model: withDropout(t, 0), Scale: loss.Scale}, p, tensor.Float32); plain.loss == whole.loss {
		t.Error("there was no dropout")
	}
}

func TestMiniBatchesWithDropoutDifferentiateTheLossThatTheyReport(t *testing.T) {
	m := withDropout(t, 0.3)
	p := pairs(t, m)
	ranking := sentence.Ranking{Model: m, Scale: loss.Scale, MiniBatch: 4}
	got := stepOf(t, ranking, p, tensor.Float32)
	// Against the slope of the loss along the gradient, each time with the same dropout.
	var square float64
	for _, values := range got.gradients {
		for _, g := range values {
			square += float64(g) * float64(g)
		}
	}
	const length = 1e-3
	along := func(sign float64) float64 {
		s := nntest.NewScope(t)
		for name, values := range got.gradients {
			parameter := m.Parameters().Get(name)
			s.Copy(s.Detach(parameter), s.Add(s.Detach(parameter), s.MulScalar(s.FromFloat32s(values, shapeOf(m, name)...), sign*length/math.Sqrt(square))))
		}
		if s.Err() != nil {
			t.Fatal(s.Err())
		}
		return stepOf(t, ranking, p, tensor.Float32).loss
	}
	above := along(1)
	below := along(-2)
	if slope := (above - below) / (2 * length); !(math.Abs(slope-math.Sqrt(square)) <= 0.01*math.Sqrt(square)) {
		t.Errorf("the loss rises by %v, the gradient says %v", slope, math.Sqrt(square))
	}
}

func shapeOf(m *sentence.Model, name string) []int64 {
	for _, spec := range m.Parameters().Specs() {
		if spec.Name == name {
			return spec.Shape
		}
	}
	return nil
}
