package t5_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/safetensors"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// golden is what transformers computed with the model of a testdata folder (testdata/make_golden.py).
type golden struct {
	t *testing.T
	w *safetensors.Weights
}

func openGolden(t *testing.T, folder string) golden {
	t.Helper()
	w, err := safetensors.Open(filepath.Join("testdata", folder, "golden.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return golden{t, w}
}

func (g golden) float32s(name string) []float32 {
	g.t.Helper()
	values, err := g.w.Float32s(name)
	if err != nil {
		g.t.Fatal(err)
	}
	return values
}

// ids returns an int64 tensor in scope s.
func (g golden) ids(s *tensor.Scope, name string) *tensor.Tensor {
	g.t.Helper()
	info, err := g.w.Info(name)
	if err != nil {
		g.t.Fatal(err)
	}
	data, err := g.w.Bytes(name)
	if err != nil {
		g.t.Fatal(err)
	}
	values := make([]int64, len(data)/8)
	for i := range values {
		values[i] = int64(binary.LittleEndian.Uint64(data[8*i:]))
	}
	return s.FromInt64s(values, info.Shape...)
}

func (g golden) batch(s *tensor.Scope) t5.Batch {
	g.t.Helper()
	return t5.Batch{InputIDs: g.ids(s, "input_ids"), AttentionMask: g.ids(s, "attention_mask"), Labels: g.ids(s, "labels")}
}

// near fails the test unless got's distance from want is within 1e-4 of want's length (L2).
func near(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, the peer has %d", what, len(got), len(want))
	}
	if d := distance(got, want); !(d <= 1e-4) {
		t.Errorf("%s: off by %.3g of its length", what, d)
	}
}

// distance is the length (L2) of got - want, as a share of want's.
func distance(got, want []float32) float64 {
	var apart, length float64
	for i := range want {
		apart += math.Pow(float64(got[i])-float64(want[i]), 2)
		length += math.Pow(float64(want[i]), 2)
	}
	return math.Sqrt(apart) / (math.Sqrt(length) + 1e-8)
}

func load(t testing.TB, folder string) *t5.Model {
	t.Helper()
	m, err := t5.Load(folder, tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func newScope(t testing.TB) *tensor.Scope {
	s := tensor.NewScope(tensor.CPU)
	t.Cleanup(s.Close)
	return s
}

func float32s(t testing.TB, s *tensor.Scope, x *tensor.Tensor) []float32 {
	t.Helper()
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	values, err := x.Float32s()
	if err != nil {
		t.Fatal(err)
	}
	return values
}

var models = []string{"gated", "tied"}

func TestLogitsAndLossEqualThePeers(t *testing.T) {
	for _, name := range models {
		t.Run(name, func(t *testing.T) {
			m, g, s := load(t, filepath.Join("testdata", name)), openGolden(t, name), newScope(t)
			b := g.batch(s)
			near(t, "encoder output", float32s(t, s, m.Encode(s, b.InputIDs, b.AttentionMask)), g.float32s("encoded"))
			near(t, "logits", float32s(t, s, m.Logits(s, b)), g.float32s("logits"))
			near(t, "loss", float32s(t, s, m.Loss(s, b)), g.float32s("loss"))
		})
	}
}

func TestEveryGradientEqualsThePeers(t *testing.T) {
	for _, name := range models {
		t.Run(name, func(t *testing.T) {
			m, g, s := load(t, filepath.Join("testdata", name)), openGolden(t, name), newScope(t)
			loss := m.Loss(s, g.batch(s))
			if s.Err() != nil {
				t.Fatal(s.Err())
			}
			if err := tensor.Backward(loss); err != nil {
				t.Fatal(err)
			}
			compared := 0
			for _, spec := range m.Parameters().Specs() {
				grad := s.Grad(m.Parameters().Get(spec.Name))
				near(t, spec.Name, float32s(t, s, grad), g.float32s("grad."+spec.Name))
				compared++
			}
			inGolden := 0
			for _, tensor := range g.w.Names() {
				if strings.HasPrefix(tensor, "grad.") {
					inGolden++
				}
			}
			if compared != inGolden {
				t.Errorf("the model has %d parameters, the peer's %d", compared, inGolden)
			}
		})
	}
}

func TestStepsGiveTheLogitsOfOnePass(t *testing.T) {
	for _, name := range models {
		t.Run(name, func(t *testing.T) {
			m, g, s := load(t, filepath.Join("testdata", name)), openGolden(t, name), newScope(t)
			b := g.batch(s)
			labels, err := b.Labels.Int64s()
			if err != nil {
				t.Fatal(err)
			}
			want := float32s(t, s, m.Logits(s, b))
			texts, length, vocab := int(b.Labels.Dim(0)), int(b.Labels.Dim(1)), int(m.Config().VocabSize)

			err = tensor.NoGrad(func() error {
				// Three beams a text: the last reads the text's labels, on from whichever beam did so before; the others go astray.
				const beams = 3
				d := m.NewDecoder(s, m.Encode(s, b.InputIDs, b.AttentionMask), b.AttentionMask, beams, length)
				tokens, parents := make([]int64, texts*beams), make([]int64, texts*beams)
				right := int64(0)
				for at := range length {
					now := int64((at + 1) % beams)
					for row := range tokens {
						tokens[row], parents[row] = int64(2+(row+at)%20), int64((row+at)%beams)
						if text := row / beams; int64(row%beams) == now {
							parents[row] = right
							tokens[row] = m.Config().DecoderStartTokenID
							if at > 0 {
								tokens[row] = max(labels[text*length+at-1], 0)
							}
						}
					}
					logits := float32s(t, s, d.Step(s, tokens, parents))
					for text := range texts {
						row := text*beams + int(now)
						near(t, "logits", logits[row*vocab:(row+1)*vocab], want[(text*length+at)*vocab:(text*length+at+1)*vocab])
					}
					right = now
				}
				return s.Err()
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestBucketsEqualThePeers(t *testing.T) {
	data, err := os.ReadFile("testdata/buckets.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Bidirectional bool
		Num           int64
		MaxDistance   int64 `json:"max_distance"`
		Limit         int64
		Runs          [][2]int64
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		b := t5.Buckets{Num: c.Num, MaxDistance: c.MaxDistance, Bidirectional: c.Bidirectional}
		distance := -c.Limit
		for _, run := range c.Runs {
			for range run[1] {
				if got := b.Of(distance); got != run[0] {
					t.Errorf("%+v: distance %d is in bucket %d, the peer's is %d", b, distance, got, run[0])
				}
				distance++
			}
		}
	}
}

func TestATableHoldsTheBucketOfEveryPair(t *testing.T) {
	b := t5.Buckets{Num: 32, MaxDistance: 128, Bidirectional: true}
	table := b.Table(3, 4, 9)
	for q := range int64(4) {
		for k := range int64(9) {
			if got, want := table[q*9+k], b.Of(k-(q+3)); got != want {
				t.Errorf("query %d, key %d: bucket %d, want %d", q+3, k, got, want)
			}
		}
	}
	if len(table) != 36 {
		t.Errorf("%d entries", len(table))
	}
}
