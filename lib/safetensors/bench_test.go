package safetensors_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"paperlab/lib/safetensors"
)

// model is 32 tensors of a megabyte each.
func model(dtype safetensors.DType) []safetensors.Tensor {
	all := make([]safetensors.Tensor, 32)
	for i := range all {
		data := make([]byte, 1<<20)
		all[i] = safetensors.Tensor{Name: fmt.Sprintf("layer.%02d.weight", i), DType: dtype, Shape: []int64{int64(len(data) / dtype.Size())}, Data: data}
	}
	return all
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "model.safetensors")
	if err := safetensors.Write(path, model(safetensors.F32), nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		w, err := safetensors.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		w.Close()
	}
}

func BenchmarkFloat32s(b *testing.B) {
	for _, dtype := range []safetensors.DType{safetensors.F32, safetensors.F64, safetensors.BF16, safetensors.F16} {
		b.Run(string(dtype), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "model.safetensors")
			if err := safetensors.Write(path, model(dtype), nil); err != nil {
				b.Fatal(err)
			}
			w, err := safetensors.Open(path)
			if err != nil {
				b.Fatal(err)
			}
			defer w.Close()
			b.SetBytes(1 << 20)
			for b.Loop() {
				if _, err := w.Float32s("layer.07.weight"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	all := model(safetensors.F32)
	path := filepath.Join(b.TempDir(), "model.safetensors")
	b.SetBytes(int64(len(all)) << 20)
	for b.Loop() {
		if err := safetensors.Write(path, all, nil); err != nil {
			b.Fatal(err)
		}
	}
}
