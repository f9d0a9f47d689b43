package loss_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
)

// computed is what a loss of Sentence-Transformers gives for some embeddings (testdata/make_golden.py).
type computed struct {
	Embeddings [][]float64 `json:"embeddings"` // anchors, positives, negatives: 6 rows of 4, one after the other
	Labels     []float64   `json:"labels"`
	Loss       float64     `json:"loss"`
	Gradients  [][]float64 `json:"gradients"`
}

func float32s(values []float64) (out []float32) {
	for _, v := range values {
		out = append(out, float32(v))
	}
	return out
}

func TestLossesAndGradientsEqualThePeers(t *testing.T) {
	const rows, width = 6, 4
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden map[string]computed
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	for name, lossOf := range map[string]func(s *tensor.Scope, x []*tensor.Tensor, labels *tensor.Tensor) *tensor.Tensor{
		"ranking": func(s *tensor.Scope, x []*tensor.Tensor, _ *tensor.Tensor) *tensor.Tensor {
			return loss.MultipleNegativesRanking(s, x[0], x[1], loss.Scale)
		},
		"ranking with hard negatives": func(s *tensor.Scope, x []*tensor.Tensor, _ *tensor.Tensor) *tensor.Tensor {
			return loss.MultipleNegativesRanking(s, x[0], s.Cat(0, x[1], x[2]), loss.Scale)
		},
		"cosine similarity": func(s *tensor.Scope, x []*tensor.Tensor, labels *tensor.Tensor) *tensor.Tensor {
			return loss.CosineSimilarity(s, x[0], x[1], labels)
		},
		"contrastive": func(s *tensor.Scope, x []*tensor.Tensor, labels *tensor.Tensor) *tensor.Tensor {
			return loss.Contrastive(s, x[0], x[1], labels, loss.ContrastiveMargin)
		},
		"triplet": func(s *tensor.Scope, x []*tensor.Tensor, _ *tensor.Tensor) *tensor.Tensor {
			return loss.Triplet(s, x[0], x[1], x[2], 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, want := newScope(t), golden[name]
			var leaves []*tensor.Tensor
			for _, values := range want.Embeddings {
				leaves = append(leaves, s.Leaf(s.FromFloat32s(float32s(values), rows, width)))
			}
			var labels *tensor.Tensor
			if len(want.Labels) > 0 {
				labels = s.FromFloat32s(float32s(want.Labels), rows)
			}
			l := lossOf(s, leaves, labels)
			if got := item(t, s, l); !(math.Abs(got-want.Loss) <= 1e-5*want.Loss) {
				t.Errorf("loss %v, the peer has %v", got, want.Loss)
			}
			if err := tensor.Backward(l); err != nil {
				t.Fatal(err)
			}
			for i, leaf := range leaves {
				got, err := s.Grad(leaf).Float32s()
				if err != nil {
					t.Fatal(err)
				}
				for j, v := range got {
					if w := want.Gradients[i][j]; !(math.Abs(float64(v)-w) <= 1e-4*math.Abs(w)+1e-6) {
						t.Errorf("gradient %d of embedding %d is %v, the peer has %v", j, i, v, w)
					}
				}
			}
		})
	}
}

func TestMarginsThatAskForNothingAreRefused(t *testing.T) {
	for name, lossOf := range map[string]func(s *tensor.Scope, x *tensor.Tensor) *tensor.Tensor{
		"contrastive": func(s *tensor.Scope, x *tensor.Tensor) *tensor.Tensor {
			return loss.Contrastive(s, x, x, s.Zeros(tensor.Float32, 2), 0)
		},
		"triplet": func(s *tensor.Scope, x *tensor.Tensor) *tensor.Tensor { return loss.Triplet(s, x, x, x, math.NaN()) },
	} {
		s := newScope(t)
		if lossOf(s, s.Zeros(tensor.Float32, 2, 2)) != nil || s.Err() == nil {
			t.Errorf("%s: error %v", name, s.Err())
		}
	}
}
