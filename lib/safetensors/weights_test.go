package safetensors_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/safetensors"
)

func open(t *testing.T, path string) *safetensors.Weights {
	t.Helper()
	w, err := safetensors.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func openFolder(t *testing.T, dir string) *safetensors.Weights {
	t.Helper()
	w, err := safetensors.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// float32s reads a tensor whose presence a test takes for granted.
func float32s(t *testing.T, w *safetensors.Weights, name string) []float32 {
	t.Helper()
	values, err := w.Float32s(name)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// tensors returns all that w holds, in the form that Write takes.
func tensors(t testing.TB, w *safetensors.Weights) []safetensors.Tensor {
	t.Helper()
	var all []safetensors.Tensor
	for _, name := range w.Names() {
		info, err := w.Info(name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := w.Bytes(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, safetensors.Tensor{Name: info.Name, DType: info.DType, Shape: info.Shape, Data: data})
	}
	return all
}

func TestEveryDTypeThatThePeerWritesIsRead(t *testing.T) {
	w := open(t, "testdata/dtypes.safetensors")
	got := tensors(t, w)
	want := rampOfEveryDType()
	byName := func(a, b safetensors.Tensor) int { return strings.Compare(a.Name, b.Name) }
	slices.SortFunc(got, byName)
	slices.SortFunc(want, byName)
	if !slices.EqualFunc(got, want, sameTensor) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	if format := w.Metadata()["format"]; format != "pt" {
		t.Errorf("metadata format %q, want pt", format)
	}
}

func TestScalarsEmptyTensorsAndOddNamesAreRead(t *testing.T) {
	w := open(t, "testdata/odd.safetensors")
	want := []struct {
		name  string
		shape []int64
	}{
		{"é\"\\\n\x01\u2028<&>", []int64{1}},
		{"special.f64", []int64{8}},
		{"empty", []int64{0, 3}},
		{"scalar", []int64{}},
		{"special.f32", []int64{8}},
		{"special.bf16", []int64{8}},
		{"special.f16", []int64{8}},
	}
	for i, name := range w.Names() {
		info, err := w.Info(name)
		if err != nil || name != want[i].name || !slices.Equal(info.Shape, want[i].shape) {
			t.Errorf("tensor %d is %q %v (%v), want %q %v", i, name, info.Shape, err, want[i].name, want[i].shape)
		}
	}
	if w.Metadata() != nil {
		t.Errorf("metadata %v where there is none", w.Metadata())
	}
	if got := float32s(t, w, "scalar"); !slices.Equal(got, []float32{3.5}) {
		t.Errorf("scalar reads as %v", got)
	}
	if got := float32s(t, w, "empty"); len(got) != 0 {
		t.Errorf("an empty tensor reads as %v", got)
	}
}

func TestFloatsOfEveryWidthBecomeFloat32(t *testing.T) {
	w := open(t, "testdata/odd.safetensors")
	inf := float32(math.Inf(1))
	for name, want := range map[string][]float32{
		"special.f32":  {0, 0, 1 / 3., -65504, 6e-8, inf, -inf},
		"special.f64":  {0, 0, 1 / 3., -65504, 6e-8, inf, -inf},
		"special.f16":  {0, 0, 0.333251953125, -65504, 0x1p-24, inf, -inf},
		"special.bf16": {0, 0, 0.333984375, -65536, 0x1.02p-24, inf, -inf},
	} {
		got := float32s(t, w, name)
		last := len(got) - 1
		if !slices.Equal(got[:last], want) || got[last] == got[last] || !math.Signbit(float64(got[1])) {
			t.Errorf("%s reads as %v, want %v and NaN", name, got, want)
		}
	}
	if _, err := open(t, "testdata/dtypes.safetensors").Float32s("i64"); err == nil || !strings.Contains(err.Error(), "I64") {
		t.Errorf("integers as floats: %v", err)
	}
}

func TestVerdictsOnHeadersAreThePeersOrStricter(t *testing.T) {
	stricter := map[string]string{
		"a space before the header": "the format's description: it must begin with {",
		"a name twice":              "the description: duplicate keys are disallowed",
		"a metadata key twice":      "the description: duplicate keys are disallowed",
		"metadata that is null":     "the description: a map of strings",
		"a tensor as an array":      "the description: an object",
		"a packed dtype":            "elements must fill whole bytes",
		"a size over 2^63 times 0":  "sizes are int64",
	}
	var verdicts []struct {
		About string
		File  []byte
		Taken bool
	}
	golden, err := os.ReadFile("testdata/verdicts.json")
	if err == nil {
		err = json.Unmarshal(golden, &verdicts)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verdicts {
		t.Run(v.About, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "model.safetensors")
			if err := os.WriteFile(path, v.File, 0o600); err != nil {
				t.Fatal(err)
			}
			w, err := safetensors.Open(path)
			if err == nil {
				w.Close()
			}
			if taken := v.Taken && stricter[v.About] == ""; taken != (err == nil) {
				t.Errorf("error %v, but the peer takes it: %v", err, v.Taken)
			}
			if err != nil && !strings.Contains(err.Error(), path) {
				t.Errorf("%q does not name the file", err)
			}
		})
	}
}

func TestShardsReadAsOne(t *testing.T) {
	for _, dir := range []string{"testdata/sharded", "testdata/sharded_bin"} {
		w := openFolder(t, dir)
		if len(w.Names()) != 5 {
			t.Fatalf("%s: %v", dir, w.Names())
		}
		for i, name := range w.Names() {
			values := float32s(t, w, name)
			if want := slices.Repeat([]float32{float32(i)}, 16); !slices.Equal(values, want) {
				t.Errorf("%s: %s is %v", dir, name, values)
			}
		}
	}
}

func TestBrokenIndexesAreRefused(t *testing.T) {
	shard, err := os.ReadFile("testdata/sharded/model-00001-of-00003.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, index, says string }{
		{"a shard that is missing", `{"weight_map":{"layer.0.weight":"b.safetensors"}}`, "b.safetensors: no such file"},
		{"a tensor that is in no shard", `{"weight_map":{"x":"a.safetensors"}}`, `"x" is not in a.safetensors`},
		{"a path out of the folder", `{"weight_map":{"x":"../a.safetensors"}}`, "not the name of a shard"},
		{"an index that lists itself", `{"weight_map":{"x":"model.safetensors.index.json"}}`, "not the name of a shard"},
		{"an index without tensors", `{"weight_map":{}}`, "lists no tensor"},
		{"something else", `[1]`, "not an index"},
		{"an empty file", ``, "not an index"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			err := errors.Join(os.WriteFile(filepath.Join(dir, "a.safetensors"), shard, 0o600),
				os.WriteFile(filepath.Join(dir, "model.safetensors.index.json"), []byte(c.index), 0o600))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := safetensors.OpenFolder(dir); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one that says %q", err, c.says)
			}
		})
	}
}

func TestAFolderWithoutWeightsSaysWhatWasLookedFor(t *testing.T) {
	_, err := safetensors.OpenFolder(t.TempDir())
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "model.safetensors, model.safetensors.index.json, pytorch_model.bin") {
		t.Error(err)
	}
}

func TestFilesThatAreNotWeightsAreRefused(t *testing.T) {
	dir := t.TempDir()
	pointer := filepath.Join(dir, "pointer.safetensors")
	if err := os.WriteFile(pointer, []byte("version https://git-lfs.github.com/spec/v1\noid sha256:00\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{
		pointer:                              "Git LFS pointer",
		dir:                                  "not a regular file",
		filepath.Join(dir, "no.safetensors"): "no such file",
	} {
		if _, err := safetensors.Open(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want one that says %q", path, err, says)
		}
	}
}

func TestUnknownNamesAndClosedWeightsAreErrors(t *testing.T) {
	w := open(t, "testdata/odd.safetensors")
	if _, err := w.Bytes("absent"); err == nil || !strings.Contains(err.Error(), `no tensor "absent" among its 7`) {
		t.Errorf("an absent tensor: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Bytes("scalar"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func TestWhatInfoReturnsIsTheCallersOwn(t *testing.T) {
	w := open(t, "testdata/dtypes.safetensors")
	info, err := w.Info("f32")
	if err != nil {
		t.Fatal(err)
	}
	info.Shape[0] = 99
	if again, _ := w.Info("f32"); again.Shape[0] != 2 {
		t.Errorf("shape became %v", again.Shape)
	}
}

func TestGoroutinesShareWeights(t *testing.T) {
	w := openFolder(t, "testdata/sharded")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i, name := range w.Names() {
				if values, err := w.Float32s(name); err != nil || values[0] != float32(i) {
					t.Errorf("%s: %v %v", name, values, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestTheRealMiniLMIsReadAndWrittenByteForByte(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("SKIPPED: no cache folder: ", err)
	}
	dir := filepath.Join(cache, "paperlab", "models", "all-MiniLM-L6-v2")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: the real weights are missing (make setup brings them): ", err)
	}
	const official = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
	w := openFolder(t, dir)
	info, err := w.Info("embeddings.word_embeddings.weight")
	if err != nil || len(w.Names()) != 104 || info.DType != safetensors.F32 || !slices.Equal(info.Shape, []int64{30522, 384}) {
		t.Fatalf("%d tensors, %+v, %v", len(w.Names()), info, err)
	}
	path := filepath.Join(t.TempDir(), "copy.safetensors")
	if err := safetensors.Write(path, tensors(t, w), w.Metadata()); err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(read(t, path))); sum != official {
		t.Errorf("the copy has sha256 %s, the official file %s", sum, official)
	}
}
