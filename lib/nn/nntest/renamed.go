package nntest

import (
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/safetensors"
)

// Renamed copies a model, its configuration and weights, into a new folder with its weights under other names; "" leaves one out.
func Renamed(t testing.TB, from string, rename func(weight string) string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	w, err := safetensors.OpenFolder(from)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	var tensors []safetensors.Tensor
	for _, name := range w.Names() {
		info, err := w.Info(name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := w.Bytes(name)
		if err != nil {
			t.Fatal(err)
		}
		if to := rename(name); to != "" {
			tensors = append(tensors, safetensors.Tensor{Name: to, DType: info.DType, Shape: info.Shape, Data: data})
		}
	}
	if err := safetensors.Write(filepath.Join(dir, "model.safetensors"), tensors, nil); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(from, "config.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), config, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}
