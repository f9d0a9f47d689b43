package faiss_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/vector"
	"paperlab/lib/vector/faiss"
	"paperlab/lib/vector/vectortest"
	"paperlab/peers"
)

func TestAWrittenIndexReadsBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "papers.faiss")
	spec := vector.Spec{Dim: 2, Metric: vector.InnerProduct, Model: "abcdef"}
	vectors := []float32{0, 0, 3, 4, 6, 8}
	// The second index replaces the first one's file.
	for n := range 4 {
		index := open(t, spec, "Flat")
		if err := index.Add(t.Context(), vectortest.IDs(7, n), vectors[:2*n]); err != nil {
			t.Fatal(err)
		}
		if err := index.Write(path, "note"); err != nil {
			t.Fatal(err)
		}
		again := read(t, path)
		if got, err := again.Len(t.Context()); got != n || err != nil || again.Spec() != spec || again.Kind() != "Flat" || again.Note() != "note" {
			t.Fatalf("%d vectors of %+v, %v", got, again.Spec(), err)
		}
	}
	again := read(t, path)
	found, err := again.Search(t.Context(), []float32{1, 1}, 3)
	if want := "[[{9 14} {8 7} {7 0}]]"; err != nil || fmt.Sprint(found) != want {
		t.Errorf("%v, %v, want %s", found, err, want)
	}
	// It can be changed as before.
	if n, err := again.Remove(t.Context(), []int64{8}); n != 1 || err != nil {
		t.Error(n, err)
	}
	if err := again.Add(t.Context(), []int64{9}, []float32{1, 1}); err == nil {
		t.Error("the id 9 is forgotten")
	}
	if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) != 1 {
		t.Error("left behind beside the index:", names, err)
	}
}

// golden is what Python's faiss found (testdata/make_golden.py).
type golden struct {
	Dim     int
	Vectors []float32
	Queries []float32
	K       int
	answers
	Kinds map[string]answers
}

type answers struct {
	Distances []float32
	IDs       []int64 `json:"ids"`
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	if err := json.Unmarshal(content(t, "testdata/golden.json"), &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestFilesOfPythonAreRead(t *testing.T) {
	g := readGolden(t)
	g.Kinds["golden.faiss"] = g.answers
	for file, want := range g.Kinds {
		t.Run(file, func(t *testing.T) {
			index := read(t, filepath.Join("testdata", file))
			found, err := index.Search(t.Context(), g.Queries, g.K)
			if err != nil {
				t.Fatal(err)
			}
			for i, n := range slices.Concat(found...) {
				if n.ID != want.IDs[i] || n.Distance != want.Distances[i] {
					t.Errorf("place %d: %+v, Python finds %d at %v", i, n, want.IDs[i], want.Distances[i])
				}
			}
			if err := index.Add(t.Context(), []int64{999}, make([]float32, g.Dim)); err == nil || !strings.Contains(err.Error(), "build it anew") {
				t.Errorf("adding to it gives %v", err)
			}
		})
	}
}

func TestPythonReadsWhatWeWrite(t *testing.T) {
	g := readGolden(t)
	const script = `
import faiss, json, numpy, sys
queries = numpy.array(json.loads(sys.argv[2]), "float32")
index = faiss.read_index(sys.argv[1])
distances, ids = index.search(queries, int(sys.argv[3]))
print(json.dumps({"distances": distances.ravel().tolist(), "ids": ids.ravel().tolist()}))`
	queries, err := json.Marshal(slices.Collect(slices.Chunk(g.Queries, g.Dim)))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"Flat", "HNSW8", "IVF2,Flat", "SQ8", "PQ2x3"} {
		t.Run(kind, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ours.faiss")
			index := filled(t, vector.Spec{Dim: g.Dim, Model: "m"}, kind, g.Vectors)
			if err := index.Write(path, ""); err != nil {
				t.Fatal(err)
			}
			out := peers.Output(t, peers.Command(t, peers.Study, "-c", script, path, string(queries), fmt.Sprint(g.K)))
			var theirs answers
			if err := json.Unmarshal([]byte(out), &theirs); err != nil {
				t.Fatal(err)
			}
			found, err := index.Search(t.Context(), g.Queries, g.K)
			if err != nil {
				t.Fatal(err)
			}
			for q, row := range found { // an approximate index may find fewer; Python fills up with -1
				for i, n := range row {
					// Each side sums in the order of its processor's vectors.
					at := q*g.K + i
					if off := math.Abs(float64(n.Distance - theirs.Distances[at])); n.ID != theirs.IDs[at] || off > 1e-6*float64(n.Distance) {
						t.Errorf("place %d: %+v, Python finds %d at %v", at, n, theirs.IDs[at], theirs.Distances[at])
					}
				}
			}
		})
	}
}

func TestAnUnwritablePathLeavesTheFormerFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "index.faiss")
	index := filled(t, vector.Spec{Dim: 1}, "Flat", []float32{1, 2})
	if err := index.Write(path, ""); err != nil {
		t.Fatal(err)
	}
	if err := index.Write(filepath.Join(path, "below-a-file"), ""); err == nil {
		t.Error("wrote below a file")
	}
	if err := index.Write(filepath.Join(folder, "missing", "x"), ""); err == nil {
		t.Error("wrote into a missing folder")
	}
	if n, err := read(t, path).Len(t.Context()); n != 2 || err != nil {
		t.Errorf("%d vectors, %v", n, err)
	}
}

func TestDamagedFilesOfOursAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whole.faiss")
	if err := filled(t, vector.Spec{Dim: 2}, "Flat", make([]float32, 20)).Write(path, ""); err != nil {
		t.Fatal(err)
	}
	whole := content(t, path)
	for at := range whole { // each byte on its own
		damaged := slices.Clone(whole)
		damaged[at] ^= 0x10
		refused(t, fmt.Sprintf("byte %d changed", at), damaged)
	}
	for _, cut := range []int{1, 8, 48, len(whole) / 2, len(whole)} {
		refused(t, fmt.Sprintf("%d bytes cut off", cut), whole[:len(whole)-cut])
	}
	refused(t, "something behind it", append(slices.Clone(whole), 0))
}

func refused(t *testing.T, name string, file []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "damaged.faiss")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := faiss.Read(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("%s: read with %v", name, err)
	}
}

func TestDamagedFlatFilesOfPythonAreRefused(t *testing.T) {
	whole := content(t, "testdata/golden.faiss")
	changed := func(offset int, value any) []byte {
		var with bytes.Buffer
		if err := binary.Write(&with, binary.LittleEndian, value); err != nil {
			t.Fatal(err)
		}
		return slices.Replace(slices.Clone(whole), offset, offset+with.Len(), with.Bytes()...)
	}
	for name, file := range map[string][]byte{
		"an empty file":                  nil,
		"a cut header":                   whole[:44],
		"a cut vector":                   whole[:len(whole)-1],
		"bytes after the end":            append(slices.Clone(whole), 0),
		"another file":                   bytes.Repeat([]byte("PK\x03\x04"), 100),
		"the other metric":               changed(0, []byte("IxFI")),
		"no dimension":                   changed(4, int32(0)),
		"a negative dimension":           changed(4, int32(-4)),
		"a negative number of vectors":   changed(8, int64(-1)),
		"a number of vectors beyond all": changed(8, int64(1)<<62),
		"an untrained index":             changed(32, false),
		"another metric":                 changed(33, int32(0)),
		"another count of numbers":       changed(37, uint64(1)<<60),
	} {
		refused(t, name, file)
	}
	for name, path := range map[string]string{"a missing file": t.TempDir() + "/missing", "a folder": t.TempDir()} {
		if _, err := faiss.Read(path); err == nil {
			t.Errorf("read %s", name)
		}
	}
}

// FuzzRead checks that no flat file ends the process, and that what is accepted holds what its size says. FAISS's reader of the
// other kinds is not made for hostile files.
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
		if kind := string(file[:min(4, len(file))]); kind != "IxF2" && kind != "IxFI" {
			file = append([]byte("IxF2"), file...)
		}
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		index, err := faiss.Read(path)
		if err != nil {
			return
		}
		defer index.Close()
		n, err := index.Len(t.Context())
		dim := index.Spec().Dim
		if want := len(file) - 45; err != nil || n*dim*4 != want {
			t.Fatalf("%d vectors of dimension %d in %d bytes, %v", n, dim, want, err)
		}
		if found, err := index.Search(t.Context(), make([]float32, dim), 3); err == nil && len(found[0]) != min(3, n) {
			t.Fatal(found)
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
