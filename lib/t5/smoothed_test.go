package t5_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

func TestASmoothedLossAndItsGradientsEqualThePeers(t *testing.T) {
	data, err := os.ReadFile("testdata/smoothed.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Model    string
		Epsilon  float64
		Loss     float32
		GradNorm float32 `json:"grad_norm"`
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		check := func(t *testing.T) {
			m, s := load(t, filepath.Join("testdata", c.Model)), nntest.NewScope(t)
			loss := t5.Smoothed{Model: m, Epsilon: c.Epsilon}.Loss(s, goldenBatch(openGolden(t, c.Model), s))
			nntest.Near(t, "loss", nntest.Float32s(t, s, loss), []float32{c.Loss})
			if err := tensor.Backward(loss); err != nil {
				t.Fatal(err)
			}
			norm, err := m.Parameters().GradNorm()
			if err != nil {
				t.Fatal(err)
			}
			nntest.Near(t, "gradient norm", []float32{float32(norm)}, []float32{c.GradNorm})
		}
		t.Run(fmt.Sprintf("%s %v", c.Model, c.Epsilon), check)
		t.Run(fmt.Sprintf("%s %v by libtorch's operations", c.Model, c.Epsilon), func(t *testing.T) {
			defer tensor.SetKernels(tensor.SetKernels(false))
			check(t)
		})
	}
}
