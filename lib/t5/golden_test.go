package t5_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// openGolden opens what transformers computed with the model of a testdata folder (testdata/make_golden.py).
func openGolden(t *testing.T, folder string) nntest.Golden {
	t.Helper()
	return nntest.Open(t, filepath.Join("testdata", folder, "golden.safetensors"))
}

func goldenBatch(g nntest.Golden, s *tensor.Scope) t5.Batch {
	return t5.Batch{InputIDs: g.IDs(s, "input_ids"), AttentionMask: g.IDs(s, "attention_mask"), Labels: g.IDs(s, "labels")}
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

var models = []string{"gated", "tied"}

func TestLogitsAndLossEqualThePeers(t *testing.T) {
	for _, name := range models {
		t.Run(name, func(t *testing.T) {
			m, g, s := load(t, filepath.Join("testdata", name)), openGolden(t, name), nntest.NewScope(t)
			b := goldenBatch(g, s)
			nntest.Near(t, "encoder output", nntest.Float32s(t, s, m.Encode(s, b.InputIDs, b.AttentionMask)), g.Float32s("encoded"))
			nntest.Near(t, "logits", nntest.Float32s(t, s, m.Logits(s, b)), g.Float32s("logits"))
			nntest.Near(t, "loss", nntest.Float32s(t, s, m.Loss(s, b)), g.Float32s("loss"))
		})
	}
}

func TestEveryGradientEqualsThePeers(t *testing.T) {
	for _, name := range models {
		t.Run(name, func(t *testing.T) {
			m, g, s := load(t, filepath.Join("testdata", name)), openGolden(t, name), nntest.NewScope(t)
			loss := m.Loss(s, goldenBatch(g, s))
			if s.Err() != nil {
				t.Fatal(s.Err())
			}
			if err := tensor.Backward(loss); err != nil {
				t.Fatal(err)
			}
			compared := 0
			for _, spec := range m.Parameters().Specs() {
				grad := s.Grad(m.Parameters().Get(spec.Name))
				nntest.Near(t, spec.Name, nntest.Float32s(t, s, grad), g.Float32s("grad."+spec.Name))
				compared++
			}
			inGolden := 0
			for _, tensor := range g.Names() {
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
			m, g, s := load(t, filepath.Join("testdata", name)), openGolden(t, name), nntest.NewScope(t)
			b := goldenBatch(g, s)
			labels, err := b.Labels.Int64s()
			if err != nil {
				t.Fatal(err)
			}
			want := nntest.Float32s(t, s, m.Logits(s, b))
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
					logits := nntest.Float32s(t, s, d.Step(s, tokens, parents))
					for text := range texts {
						row := text*beams + int(now)
						nntest.Near(t, "logits", logits[row*vocab:(row+1)*vocab], want[(text*length+at)*vocab:(text*length+at+1)*vocab])
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

func TestBetweenHoldsTheBucketOfEveryDistance(t *testing.T) {
	b := t5.Buckets{Num: 32, MaxDistance: 128, Bidirectional: true}
	line := b.Between(-200, 150)
	if len(line) != 351 {
		t.Fatalf("%d buckets for 351 distances", len(line))
	}
	for i, got := range line {
		if want := b.Of(int64(i) - 200); got != want {
			t.Errorf("distance %d: bucket %d, want %d", i-200, got, want)
		}
	}
}
