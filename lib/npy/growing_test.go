package npy_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/npy"
	"paperlab/peers"
)

func grow(t testing.TB, path string) *npy.Growing {
	t.Helper()
	g, err := npy.Grow(path, 2, "a test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

func add(t testing.TB, g *npy.Growing, mark string, vectors ...float32) {
	t.Helper()
	if err := g.Append(vectors, mark); err != nil {
		t.Fatal(err)
	}
}

// written is a finished matrix of three vectors.
func written(t testing.TB) string {
	path := filepath.Join(t.TempDir(), "vectors.npy")
	g := grow(t, path)
	add(t, g, "", 1, 2, 3, 4)
	add(t, g, "", 5, 6)
	if err := g.Finish(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAMatrixIsReadFromWhereOneWants(t *testing.T) {
	path := written(t)
	m, err := npy.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if got, err := m.Read(1, 2); !slices.Equal(got, []float32{3, 4, 5, 6}) || m.Rows() != 3 || m.Dim() != 2 || err != nil {
		t.Errorf("%v of %d x %d, %v", got, m.Rows(), m.Dim(), err)
	}
	for _, part := range [][2]int{{-1, 1}, {2, 2}, {0, -1}} {
		if _, err := m.Read(part[0], part[1]); err == nil {
			t.Errorf("%d vectors from %d on were read", part[1], part[0])
		}
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("%v are left (%v)", left, err)
	}
}

func TestNumPyReadsAndWritesTheSame(t *testing.T) {
	path := written(t)
	const program = `import numpy, sys
m = numpy.load(sys.argv[1], mmap_mode="r")
print(m.dtype, m.tolist())
numpy.save(sys.argv[1], 2 * numpy.asarray(m))`
	if got := peers.Output(t, peers.Command(t, peers.Study, "-c", program, path)); strings.TrimSpace(got) != "float32 [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]" {
		t.Errorf("%q", got)
	}
	m, err := npy.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if got, err := m.Read(0, 3); !slices.Equal(got, []float32{2, 4, 6, 8, 10, 12}) || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestWhoeverGoesOnBeginsBehindWhatWasAcknowledged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectors.npy")
	g := grow(t, path)
	add(t, g, "first", 1, 2)
	add(t, g, "second", 3, 4)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	// A process that was killed had begun to write more.
	part, err := os.OpenFile(path+".part", os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.WriteString("half a vec"); err != nil {
		t.Fatal(err)
	}
	part.Close()
	g = grow(t, path)
	if g.Rows() != 2 || g.Mark() != "second" {
		t.Fatalf("%d vectors, mark %q", g.Rows(), g.Mark())
	}
	add(t, g, "third", 5, 6)
	if got, err := g.Read(0, 3); !slices.Equal(got, []float32{1, 2, 3, 4, 5, 6}) || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if err := g.Finish(); err != nil {
		t.Fatal(err)
	}
	once, err := os.ReadFile(written(t))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(path); !bytes.Equal(once, again) || err != nil {
		t.Errorf("another file than one that was written without a break (%v)", err)
	}
}

func TestWhatIsLeftOfSomethingElseIsNotTouched(t *testing.T) {
	begun := func() string {
		path := filepath.Join(t.TempDir(), "vectors.npy")
		g := grow(t, path)
		add(t, g, "", 1, 2, 3, 4)
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	spoil := func(path string, change func([]byte) []byte) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, change(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		dim    int
		of     string
		change func(path string)
		want   string
	}{
		"of another model":       {2, "another test", func(string) {}, "another test"},
		"of other dimensions":    {3, "a test", func(string) {}, "3 components"},
		"with a state of rubble": {2, "a test", func(path string) { spoil(path+".part.json", func([]byte) []byte { return []byte("{") }) }, "damaged"},
		"with vectors missing": {2, "a test", func(path string) {
			spoil(path+".part", func(data []byte) []byte { return data[:len(data)-1] })
		}, "less than the 2 vectors"},
		"with a bit flipped": {2, "a test", func(path string) {
			spoil(path+".part", func(data []byte) []byte { data[len(data)-1] ^= 1; return data })
		}, "checksum"},
	} {
		path := begun()
		c.change(path)
		before, _ := os.ReadFile(path + ".part")
		g, err := npy.Grow(path, c.dim, c.of)
		if err == nil {
			g.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
		if after, _ := os.ReadFile(path + ".part"); !bytes.Equal(before, after) {
			t.Errorf("%s: it was changed", name)
		}
	}
}

func TestOneProcessWritesAMatrix(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectors.npy")
	g := grow(t, path)
	if _, err := npy.Grow(path, 2, "a test"); !errors.Is(err, npy.ErrBusy) {
		t.Errorf("%v", err)
	}
	if err := g.Discard(); err != nil {
		t.Fatal(err)
	}
	if g = grow(t, path); g.Rows() != 0 {
		t.Errorf("%d vectors of what was discarded", g.Rows())
	}
	if err := g.Append([]float32{1}, ""); err == nil {
		t.Error("half a vector was added")
	}
}

func FuzzOpen(f *testing.F) {
	data, err := os.ReadFile(written(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:20])
	f.Add(bytes.Replace(data, []byte("(3, 2)"), []byte("(99999999999, 9999999999)"), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "x.npy")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := npy.Open(path)
		if err != nil {
			return
		}
		defer m.Close()
		if got, err := m.Read(0, m.Rows()); len(got) != m.Rows()*m.Dim() || err != nil {
			t.Errorf("%d of %d x %d numbers, %v", len(got), m.Rows(), m.Dim(), err)
		}
	})
}
