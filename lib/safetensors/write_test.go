package safetensors_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/safetensors"
	"paperlab/peers"
)

func sameTensor(a, b safetensors.Tensor) bool {
	return a.Name == b.Name && a.DType == b.DType && slices.Equal(a.Shape, b.Shape) && bytes.Equal(a.Data, b.Data)
}

// rampOfEveryDType holds what testdata/make_golden.py wrote: 0 to 5 in shape [2, 3], once for each dtype.
func rampOfEveryDType() []safetensors.Tensor {
	bits := func(v any) []byte {
		b, err := binary.Append(nil, binary.LittleEndian, v)
		if err != nil {
			panic(err)
		}
		return b
	}
	f32 := []float32{0, 1, 2, 3, 4, 5}
	bf16 := make([]uint16, len(f32))
	for i, v := range f32 {
		bf16[i] = uint16(math.Float32bits(v) >> 16)
	}
	ramp := []safetensors.Tensor{
		{DType: safetensors.Bool, Data: []byte{0, 0, 0, 1, 1, 1}},
		{DType: safetensors.U8, Data: []byte{0, 1, 2, 3, 4, 5}},
		{DType: safetensors.I8, Data: []byte{0, 1, 2, 3, 4, 5}},
		{DType: safetensors.F8E5M2, Data: []byte{0x00, 0x3c, 0x40, 0x42, 0x44, 0x45}},
		{DType: safetensors.F8E4M3, Data: []byte{0x00, 0x38, 0x40, 0x44, 0x48, 0x4a}},
		{DType: safetensors.F8E5M2FNUZ, Data: []byte{0x00, 0x40, 0x44, 0x46, 0x48, 0x49}},
		{DType: safetensors.F8E4M3FNUZ, Data: []byte{0x00, 0x40, 0x48, 0x4c, 0x50, 0x52}},
		{DType: safetensors.I16, Data: bits([]int16{0, 1, 2, 3, 4, 5})},
		{DType: safetensors.U16, Data: bits([]uint16{0, 1, 2, 3, 4, 5})},
		{DType: safetensors.F16, Data: bits([]uint16{0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500})},
		{DType: safetensors.BF16, Data: bits(bf16)},
		{DType: safetensors.I32, Data: bits([]int32{0, 1, 2, 3, 4, 5})},
		{DType: safetensors.U32, Data: bits([]uint32{0, 1, 2, 3, 4, 5})},
		{DType: safetensors.F32, Data: bits(f32)},
		{DType: safetensors.C64, Data: bits([]complex64{0, 1, 2, 3, 4, 5})},
		{DType: safetensors.F64, Data: bits([]float64{0, 1, 2, 3, 4, 5})},
		{DType: safetensors.I64, Data: bits([]int64{0, 1, 2, 3, 4, 5})},
		{DType: safetensors.U64, Data: bits([]uint64{0, 1, 2, 3, 4, 5})},
	}
	for i := range ramp {
		ramp[i].Name = strings.ToLower(string(ramp[i].DType))
		ramp[i].Shape = []int64{2, 3}
	}
	return ramp
}

func TestWriteMakesThePeersBytes(t *testing.T) {
	odd := tensors(t, open(t, "testdata/odd.safetensors"))
	slices.Reverse(odd)
	for _, c := range []struct {
		golden   string
		tensors  []safetensors.Tensor
		metadata map[string]string
	}{
		{"testdata/dtypes.safetensors", rampOfEveryDType(), map[string]string{"format": "pt"}},
		{"testdata/odd.safetensors", odd, nil},
	} {
		path := filepath.Join(t.TempDir(), "model.safetensors")
		if err := safetensors.Write(path, c.tensors, c.metadata); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		want, err2 := os.ReadFile(c.golden)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.golden, got, want)
		}
	}
}

func TestNoTensorsMakeAFile(t *testing.T) {
	for _, metadata := range []map[string]string{nil, {}, {"b": "\"\\\b\f\n\r\t\x1f\x7f", "a": "é\u2028"}} {
		path := filepath.Join(t.TempDir(), "model.safetensors")
		if err := safetensors.Write(path, nil, metadata); err != nil {
			t.Fatal(err)
		}
		w := open(t, path)
		if len(w.Names()) != 0 || len(w.Metadata()) != len(metadata) || w.Metadata()["b"] != metadata["b"] || w.Metadata()["a"] != metadata["a"] {
			t.Errorf("wrote %q, read %v %q", metadata, w.Names(), w.Metadata())
		}
	}
}

func TestBadTensorsAreRefusedAndTheOldFileStays(t *testing.T) {
	good := safetensors.Tensor{Name: "w", DType: safetensors.F32, Shape: []int64{1}, Data: []byte{0, 0, 128, 63}}
	for _, c := range []struct {
		name, says string
		tensor     safetensors.Tensor
	}{
		{"a name twice", "occurs twice", good},
		{"a reserved name", "reserved", safetensors.Tensor{Name: "__metadata__", DType: safetensors.U8}},
		{"a name that is not UTF-8", "not valid Unicode", safetensors.Tensor{Name: "\xff", DType: safetensors.U8}},
		{"no dtype", "unknown dtype", safetensors.Tensor{Name: "x"}},
		{"a packed dtype", "unknown dtype", safetensors.Tensor{Name: "x", DType: "F4"}},
		{"a negative size", "negative", safetensors.Tensor{Name: "x", DType: safetensors.U8, Shape: []int64{-1}}},
		{"a shape that overflows", "overflows", safetensors.Tensor{Name: "x", DType: safetensors.U8, Shape: []int64{1 << 32, 1 << 32}}},
		{"too little data", "0 bytes of data", safetensors.Tensor{Name: "x", DType: safetensors.U8, Shape: []int64{1}}},
		{"too much data", "2 bytes of data", safetensors.Tensor{Name: "x", DType: safetensors.U8, Data: []byte{1, 2}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "model.safetensors")
			if err := safetensors.Write(path, []safetensors.Tensor{good}, nil); err != nil {
				t.Fatal(err)
			}
			err := safetensors.Write(path, []safetensors.Tensor{good, c.tensor}, nil)
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want one that names the file and says %q", err, c.says)
			}
			if got := tensors(t, open(t, path)); !slices.EqualFunc(got, []safetensors.Tensor{good}, sameTensor) {
				t.Errorf("the old file now holds %v", got)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

func TestWritingReplacesAFileThatIsOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.safetensors")
	one := []safetensors.Tensor{{Name: "w", DType: safetensors.U8, Shape: []int64{1 << 16}, Data: bytes.Repeat([]byte{1}, 1<<16)}}
	if err := safetensors.Write(path, one, nil); err != nil {
		t.Fatal(err)
	}
	w := open(t, path)
	if err := safetensors.Write(path, nil, nil); err != nil {
		t.Fatal(err)
	}
	if got := tensors(t, w); !slices.EqualFunc(got, one, sameTensor) {
		t.Error("the open file changed")
	}
}

func TestWritingIntoAMissingFolderIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "absent", "model.safetensors")
	if err := safetensors.Write(path, nil, nil); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
}

func TestThePeerReadsWhatWeWrite(t *testing.T) {
	dir := t.TempDir()
	err := errors.Join(
		safetensors.Write(filepath.Join(dir, "dtypes.safetensors"), rampOfEveryDType(), map[string]string{"format": "pt"}),
		safetensors.Write(filepath.Join(dir, "odd.safetensors"), tensors(t, open(t, "testdata/odd.safetensors")), nil))
	if err != nil {
		t.Fatal(err)
	}
	python(t, `
import sys
sys.path.insert(0, "testdata")
import make_golden, torch
from safetensors.torch import load_file
for name, want in ("dtypes", make_golden.dtypes()), ("odd", make_golden.odd()):
    got = load_file(f"{sys.argv[1]}/{name}.safetensors")
    assert got.keys() == want.keys(), (name, got.keys())
    for k, w in want.items():
        g = got[k]
        assert g.dtype == w.dtype and g.shape == w.shape, (k, g.dtype, g.shape)
        assert g.numel() == 0 or torch.equal(g.reshape(-1).view(torch.uint8), w.reshape(-1).view(torch.uint8)), (k, g)
`, dir)
}

// python runs a script under the interpreter that has the peers, or skips the test.
func python(t *testing.T, script string, args ...string) {
	t.Helper()
	peers.Output(t, peers.Command(t, peers.Study, append([]string{"-c", script}, args...)...))
}
