package faiss_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/vector/faiss"
)

func TestAWrittenIndexReadsBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "papers.faiss")
	vectors := []float32{0, 0, 3, 4, 6, 8}
	// The second index replaces the first one's file.
	for n := range 4 {
		if err := filled(t, 2, vectors[:2*n]).Write(path); err != nil {
			t.Fatal(err)
		}
		index := read(t, path)
		if index.Len() != n || index.Dim() != 2 {
			t.Fatalf("Len %d, Dim %d, want %d and 2", index.Len(), index.Dim(), n)
		}
	}
	distances, ids, err := read(t, path).Search([]float32{3, 3}, 3)
	if err != nil || !slices.Equal(ids, []int64{1, 0, 2}) || !slices.Equal(distances, []float32{1, 18, 34}) {
		t.Fatal(distances, ids, err)
	}
	if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) != 1 {
		t.Error("left behind beside the index:", names, err)
	}
}

func TestFilesAreThoseOfPython(t *testing.T) {
	var golden struct {
		Dim       int
		Vectors   []float32
		Queries   []float32
		K         int
		Distances []float32
		IDs       []int64 `json:"ids"`
	}
	text, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}

	distances, ids, err := read(t, "testdata/golden.faiss").Search(golden.Queries, golden.K)
	if err != nil || !slices.Equal(ids, golden.IDs) || !slices.Equal(distances, golden.Distances) {
		t.Errorf("got %v %v %v, want %v %v", distances, ids, err, golden.Distances, golden.IDs)
	}

	path := filepath.Join(t.TempDir(), "ours.faiss")
	if err := filled(t, golden.Dim, golden.Vectors).Write(path); err != nil {
		t.Fatal(err)
	}
	if ours, theirs := content(t, path), content(t, "testdata/golden.faiss"); !bytes.Equal(ours, theirs) {
		t.Errorf("we write %x, Python writes %x", ours, theirs)
	}
}

func TestAnUnwritablePathLeavesTheFormerFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "index.faiss")
	index := filled(t, 1, []float32{1, 2})
	if err := index.Write(path); err != nil {
		t.Fatal(err)
	}
	if err := index.Write(filepath.Join(path, "below-a-file")); err == nil {
		t.Error("wrote below a file")
	}
	if err := index.Write(filepath.Join(folder, "missing", "x")); err == nil {
		t.Error("wrote into a missing folder")
	}
	if got := read(t, path).Len(); got != 2 {
		t.Errorf("%d vectors", got)
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	whole := content(t, "testdata/golden.faiss")
	changed := func(offset int, value any) []byte {
		var with bytes.Buffer
		if err := binary.Write(&with, binary.LittleEndian, value); err != nil {
			t.Fatal(err)
		}
		return slices.Replace(slices.Clone(whole), offset, offset+with.Len(), with.Bytes()...)
	}
	for name, test := range map[string]struct {
		bytes []byte
		want  string
	}{
		"an empty file":                  {nil, "less than a header"},
		"a cut header":                   {whole[:44], "less than a header"},
		"a cut vector":                   {whole[:len(whole)-1], "do not fill"},
		"bytes after the end":            {append(slices.Clone(whole), 0), "do not fill"},
		"another file":                   {bytes.Repeat([]byte("PK\x03\x04"), 100), `it begins with "PK\x03\x04"`},
		"another kind of index":          {changed(0, []byte("IxFI")), `it begins with "IxFI"`},
		"no dimension":                   {changed(4, int32(0)), "dimension 0"},
		"a negative dimension":           {changed(4, int32(-4)), "dimension -4"},
		"a negative number of vectors":   {changed(8, int64(-1)), "-1 vectors"},
		"a number of vectors beyond all": {changed(8, int64(1)<<62), "do not fill"},
		"an untrained index":             {changed(32, false), "damaged"},
		"another metric":                 {changed(33, int32(0)), "metric 0"},
		"another count of numbers":       {changed(37, uint64(1)<<60), "do not fill"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "damaged.faiss")
			if err := os.WriteFile(path, test.bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := faiss.Read(path); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
	for name, path := range map[string]string{"a missing file": t.TempDir() + "/missing", "a folder": t.TempDir()} {
		if _, err := faiss.Read(path); err == nil {
			t.Errorf("read %s", name)
		}
	}
}

// FuzzRead checks that no file ends the process, and that what is accepted holds what its size says.
func FuzzRead(f *testing.F) {
	whole, err := os.ReadFile("testdata/golden.faiss")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:45])
	f.Add([]byte("IxF2"))
	path := filepath.Join(f.TempDir(), "fuzzed.faiss")
	f.Fuzz(func(t *testing.T, file []byte) {
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		index, err := faiss.Read(path)
		if err != nil {
			return
		}
		defer index.Close()
		if want := len(file) - 45; index.Len()*index.Dim()*4 != want {
			t.Fatalf("%d vectors of dimension %d in %d bytes", index.Len(), index.Dim(), want)
		}
		if _, ids, err := index.Search(make([]float32, index.Dim()), 3); err == nil && len(ids) != min(3, index.Len()) {
			t.Fatal(ids)
		}
	})
}

func read(t *testing.T, path string) *faiss.Index {
	t.Helper()
	index, err := faiss.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })
	return index
}

func content(t *testing.T, path string) []byte {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
