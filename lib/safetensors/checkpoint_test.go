package safetensors_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/safetensors"
)

func TestAStateDictIsRead(t *testing.T) {
	w := open(t, "testdata/pytorch_model.bin")
	want := []string{"position_ids", "embed.weight", "head.weight", "head.bias"}
	if !slices.Equal(w.Names(), want) {
		t.Fatalf("names %v, want %v", w.Names(), want)
	}
	embed := []float32{0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75}
	for _, tied := range []string{"embed.weight", "head.weight"} {
		if info, _ := w.Info(tied); !slices.Equal(info.Shape, []int64{4, 3}) {
			t.Errorf("%s has shape %v", tied, info.Shape)
		}
		if got := float32s(t, w, tied); !slices.Equal(got, embed) {
			t.Errorf("%s is %v", tied, got)
		}
	}
	if got := float32s(t, w, "head.bias"); !slices.Equal(got, []float32{0, 1, 2, 3}) {
		t.Errorf("head.bias is %v", got)
	}
	if info, _ := w.Info("position_ids"); info.DType != safetensors.I64 || !slices.Equal(info.Shape, []int64{1, 5}) {
		t.Errorf("position_ids is %v", info)
	}
}

func TestViewsIntoStoragesAreRead(t *testing.T) {
	w := open(t, "testdata/views.bin")
	for name, want := range map[string][]float32{
		"transposed": {0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23},
		"slice":      {9, 10, 13, 14},
		"parameter":  {3, 4},
		"scalar":     {3.5},
		"empty":      {},
		"one":        {0},
	} {
		if got := float32s(t, w, name); !slices.Equal(got, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if info, _ := w.Info("transposed"); !slices.Equal(info.Shape, []int64{4, 2, 3}) {
		t.Errorf("transposed has shape %v", info.Shape)
	}
	for _, want := range rampOfEveryDType() {
		got, err := w.Bytes(want.Name)
		if err == nil && !bytes.Equal(got, want.Data) {
			t.Errorf("%s is %v, want %v", want.Name, got, want.Data)
		}
	}
}

func TestWhatIsNotAPlainStateDictIsRefusedWithTheWayToConvert(t *testing.T) {
	whole, err := os.ReadFile("testdata/pytorch_model.bin")
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Replace(whole, []byte{0, 0, 0x80, 0x3e}, []byte{0, 0, 0x80, 0x3f}, 1)
	for _, c := range []struct {
		name, says string
		file       []byte
	}{
		{"a whole module", `it names "__main__ Small"`, read(t, "testdata/module.bin")},
		{"a dict in a dict", `"epoch" is a int64, not a tensor`, read(t, "testdata/nested.bin")},
		{"an expanded tensor", "repeats elements", read(t, "testdata/expanded.bin")},
		{"a file from before PyTorch 1.6", "not a whole zip archive", read(t, "testdata/legacy.bin")},
		{"a cut file", "not a whole zip archive", whole[:len(whole)-1]},
		{"a damaged storage", "does not match its checksum", damaged},
		{"an empty file", "not a whole zip archive", nil},
		{"an archive without a pickle", "no record data.pkl", zipped(t, map[string]string{"byteorder": "little"})},
		{"a big-endian archive", "byte order", zipped(t, map[string]string{"byteorder": "big", "data.pkl": "\x80\x02}."})},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.file, c.says) })
	}
}

func TestHostilePicklesAreRefused(t *testing.T) {
	const (
		dict    = "}X\x01\x00\x00\x00w"                                                                          // {"w":
		rebuild = "ctorch._utils\n_rebuild_tensor_v2\n"                                                          // the function
		float   = "(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x10tQ" // storage 0, 16 floats
	)
	tensor := func(rest string) string { return "\x80\x02" + dict + rebuild + "(" + float + rest + "tRs." }
	for _, c := range []struct{ name, program, says string }{
		{"a system call", "\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.", `"os system"`},
		{"an unknown opcode", "\x80\x02i", "opcode 0x69"},
		{"another protocol", "\x80\x04}.", "protocol 4"},
		{"no end", "\x80\x02}", "cut short"},
		{"nothing", "", "cut short"},
		{"a string longer than the file", "\x80\x02X\xff\xff\xff\xff", "cut short"},
		{"an empty stack", "\x80\x02.", "not there"},
		{"a mark that is missing", "\x80\x02t.", "not there"},
		{"values below the mark", "\x80\x02}(s.", "not there"},
		{"a memo that was not stored", "\x80\x02h\x07.", "did not store"},
		{"a key without a value", "\x80\x02}(Nu.", "key without a value"},
		{"a key that is not a string", "\x80\x02}K\x01K\x02s.", "int64"},
		{"a list of tensors", "\x80\x02).", "not a dict"},
		{"a call of something that is no function", "\x80\x02K\x01)R.", "int64"},
		{"a storage called as a function", "\x80\x02ctorch\nFloatStorage\n)R.", "it calls"},
		{"a huge long", "\x80\x02\x8a\x09" + strings.Repeat("x", 9), "9 bytes"},
		{"a reserved name", "\x80\x02}X\x0c\x00\x00\x00__metadata__" + rebuild + "(" + float + "K\x00K\x04\x85K\x01\x85tRs.", "reserved"},
		{"a storage that is missing", strings.ReplaceAll(tensor("K\x00K\x04\x85K\x01\x85"), "X\x01\x00\x00\x000", "X\x01\x00\x00\x009"), "no record data/9"},
		{"a storage of another size", strings.ReplaceAll(tensor("K\x00K\x04\x85K\x01\x85"), "K\x10", "K\x11"), "64 bytes, but 17 elements"},
		{"a storage of negative size", strings.ReplaceAll(tensor("K\x00K\x04\x85K\x01\x85"), "K\x10", "J\xff\xff\xff\xff"), "negative"},
		{"a tensor past its storage", tensor("K\x00K\x11\x85K\x01\x85"), "repeats elements"},
		{"an offset past the storage", tensor("K\x0dK\x04\x85K\x01\x85"), "looks past"},
		{"a negative offset", tensor("J\xff\xff\xff\xffK\x04\x85K\x01\x85"), "looks past"},
		{"a stride past the storage", tensor("K\x00K\x04\x85K\x06\x85"), "looks past"},
		{"a negative stride", tensor("K\x00K\x04\x85J\xff\xff\xff\xff\x85"), "looks past"},
		{"a stride that overflows", tensor("K\x00K\x04\x85\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85"), "looks past"},
		{"a negative shape", tensor("K\x00J\xff\xff\xff\xff\x85K\x01\x85"), "negative"},
		{"a shape that overflows", tensor("K\x00\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7fK\x02\x86K\x01K\x01\x86"), "overflows"},
		{"strides that are missing", tensor("K\x00K\x04\x85)"), "1 dimensions has 0 strides"},
		{"too many dimensions", tensor("K\x00(" + strings.Repeat("K\x01", 65) + "t(" + strings.Repeat("K\x01", 65) + "t"), "65 dimensions"},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused(t, zipped(t, map[string]string{"data.pkl": c.program, "data/0": strings.Repeat("\x00", 64)}), c.says)
		})
	}
}

func TestHostileArchivesAreRefused(t *testing.T) {
	var twice, packed bytes.Buffer
	for _, c := range []struct {
		buf     *bytes.Buffer
		method  uint16
		records []string
	}{
		{&twice, zip.Store, []string{"a/data.pkl", "b/data.pkl"}},
		{&packed, zip.Deflate, []string{"a/data.pkl"}},
	} {
		z := zip.NewWriter(c.buf)
		for _, name := range c.records {
			f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: c.method})
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(f, "\x80\x02}.")
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, twice.Bytes(), "occurs twice")
	refused(t, packed.Bytes(), "compressed")
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// zipped makes an archive of the kind that torch.save makes.
func zipped(t testing.TB, records map[string]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, data := range records {
		f, err := z.CreateRaw(&zip.FileHeader{
			Name: "archive/" + name, Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(data)),
			CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(data)),
		})
		if err == nil {
			_, err = f.Write([]byte(data))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// refused asserts that a file opens with an error that names it, says why and how to convert it.
func refused(t *testing.T, file []byte, says string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pytorch_model.bin")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := safetensors.Open(path)
	if err == nil {
		t.Fatalf("read as %v", w.Names())
	}
	for _, want := range []string{path, says, "convert it with PyTorch: python -c"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
}
