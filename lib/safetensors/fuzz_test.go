package safetensors_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/safetensors"
)

// FuzzOpen reads bytes as a safetensors file. What opens has a header of valid JSON, and survives being written again.
func FuzzOpen(f *testing.F) {
	f.Add(read(f, "testdata/odd.safetensors"))
	f.Add(read(f, "testdata/sharded/model-00001-of-00003.safetensors"))
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00{}"))
	f.Fuzz(func(t *testing.T, file []byte) {
		w, ok := opened(t, "model.safetensors", file)
		if !ok {
			return
		}
		defer w.Close()
		if header := file[8 : 8+binary.LittleEndian.Uint64(file)]; !json.Valid(header) {
			t.Fatalf("opened with a header that is not JSON: %q", header)
		}
		again := filepath.Join(t.TempDir(), "again.safetensors")
		if err := safetensors.Write(again, tensors(t, w), w.Metadata()); err != nil {
			t.Fatal(err)
		}
		w2, err := safetensors.Open(again)
		if err != nil {
			t.Fatal(err)
		}
		defer w2.Close()
		for _, want := range tensors(t, w) {
			if got, err := w2.Bytes(want.Name); err != nil || !bytes.Equal(got, want.Data) {
				t.Errorf("%q changed: %v", want.Name, err)
			}
		}
	})
}

// FuzzOpenCheckpoint reads bytes as a PyTorch checkpoint: archive and all.
func FuzzOpenCheckpoint(f *testing.F) {
	f.Add(read(f, "testdata/pytorch_model.bin"))
	f.Add(read(f, "testdata/legacy.bin"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if w, ok := opened(t, "pytorch_model.bin", file); ok {
			tensors(t, w)
			w.Close()
		}
	})
}

// FuzzPickle reads bytes as the program of a state dict with one storage of 64 bytes.
func FuzzPickle(f *testing.F) {
	f.Add("\x80\x02}.")
	f.Add("\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01(X\x01\x00\x00\x00wq\x02ctorch._utils\n_rebuild_tensor_v2\nq\x03(" +
		"(X\x07\x00\x00\x00storageq\x04ctorch\nFloatStorage\nq\x05X\x01\x00\x00\x000q\x06X\x03\x00\x00\x00cpuq\x07K\x10tq\x08Q" +
		"K\x01K\x02K\x03\x86q\tK\x01K\x02\x86q\n\x89h\x00)Rq\x0btq\x0cRq\ru}q\x0eX\t\x00\x00\x00_metadataq\x0fNsb.")
	f.Fuzz(func(t *testing.T, program string) {
		file := zipped(t, map[string]string{"data.pkl": program, "data/0": strings.Repeat("\x00", 64)})
		if w, ok := opened(t, "pytorch_model.bin", file); ok {
			tensors(t, w)
			w.Close()
		}
	})
}

func opened(t *testing.T, name string, file []byte) (*safetensors.Weights, bool) {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := safetensors.Open(path)
	return w, err == nil
}
