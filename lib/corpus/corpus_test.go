package corpus_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"paperlab/lib/corpus"
)

func checkEqual[T any](t *testing.T, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
}

// checkText fails the test unless every field of p is valid UTF-8.
func checkText(t *testing.T, p corpus.Paper) {
	t.Helper()
	for _, field := range append(p.Sections, p.ID, p.Title, p.Abstract, p.Article, p.Categories, p.Authors) {
		if !utf8.ValidString(field) {
			t.Fatalf("paper %q holds invalid UTF-8: %q", p.ID, field)
		}
	}
}

func zipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// snapshot is an endless stream in the layout of the arXiv metadata snapshot.
type snapshot struct {
	records int
	rest    string
}

func (s *snapshot) Read(p []byte) (int, error) {
	if s.rest == "" {
		s.records++
		s.rest = fmt.Sprintf(`{"id":"%09d","submitter":"S","authors":"A, B","title":"Title %d","comments":null,`+
			`"journal-ref":null,"doi":null,"report-no":null,"categories":"cs.CL cs.AI","license":null,"abstract":"%s",`+
			`"versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"}],"update_date":"2007-05-23",`+
			`"authors_parsed":[["A","A",""]]}`+"\n", s.records, s.records, strings.Repeat("Some words. ", 600))
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func TestMemoryStaysConstantOverAStreamOf200MB(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 200 MB")
	}
	const size, most = 200 << 20, 16 << 20
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	runtime.GC()
	before := heap()
	papers := 0
	var peak uint64
	for _, err := range corpus.Read(t.Context(), io.LimitReader(&snapshot{}, size), "stream") {
		if _, last := err.(*corpus.LineError); err != nil && !last { // the limit cuts the last line
			t.Fatal(err)
		}
		if papers++; papers%1000 == 0 {
			peak = max(peak, heap())
		}
	}
	if papers < size/8000 {
		t.Errorf("%d papers read, want %d or more", papers, size/8000)
	}
	if peak > before+most {
		t.Errorf("the heap grew by %d MB, want %d or less", (peak-before)>>20, most>>20)
	}
}

func BenchmarkRead(b *testing.B) {
	const size = 16 << 20
	b.SetBytes(size)
	for b.Loop() {
		for range corpus.Read(b.Context(), io.LimitReader(&snapshot{}, size), "stream") {
		}
	}
}
