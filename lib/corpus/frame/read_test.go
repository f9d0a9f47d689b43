package frame_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"paperlab/lib/corpus/frame"
)

func TestReadStopsAfterTheLimit(t *testing.T) {
	f, err := frame.Read(t.Context(), strings.NewReader("{\"a\":1}\n\n{\"a\":2}\nthis line is not read\n"), 2)
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, "a", must[[]string](t)(f.Strings("a")), []string{"1", "2"})
}

func TestReadOfAnEmptyStreamIsAnEmptyTable(t *testing.T) {
	f := read(t, "\n \n")
	checkEqual(t, "Len", f.Len(), 0)
	checkEqual(t, "Columns", f.Columns(), []string{})
	checkEqual(t, "rows of Describe", f.Describe().Len(), 4)
}

func TestReadTakes(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"the last value of a name given twice", `{"a":1,"a":2}`, "2"},
		{"a whole number beyond 64 bits", `{"a":123456789012345678901}`, "1.2345678901234568e+20"},
		{"escapes", `{"a":"x\n\u00e9"}`, "x\né"},
		{"half a surrogate pair", `{"a":"\ud800"}`, "\uFFFD"},
		{"each invalid byte as U+FFFD", "{\"a\":\"\xff\xfe\"}", "\uFFFD\uFFFD"},
		{"invalid bytes inside lists", "{\"a\":[\"\xff\"]}", "[\"\uFFFD\"]"},
		{"a line feed of Windows", "{\"a\":\"x\"}\r\n", "x"},
		{"a line of a megabyte", `{"a":"` + strings.Repeat("x", 1<<20) + `"}`, strings.Repeat("x", 1<<20)},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkEqual(t, "a", must[[]string](t)(read(t, c.line).Strings("a")), []string{c.want})
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"a list", `[1]`, "begins with ["},
		{"a number", `1`, "begins with 1"},
		{"text", `hello`, "not a JSON object"},
		{"an object cut short", `{"a":1`, "ends too early"},
		{"a string cut short", `{"a":"x`, "ends too early"},
		{"two objects in a line", `{"a":1} {"a":2}`, "something follows"},
		{"a name without a value", `{"a"}`, "not a JSON object"},
		{"a number out of range", `{"a":1e999}`, `field "a"`},
		{"NaN", `{"a":NaN}`, "not a JSON object"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := frame.Read(t.Context(), strings.NewReader("{\"a\":0}\n\n"+c.line), 0)
			if err == nil || !strings.Contains(err.Error(), "line 3: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want line 3 and %q in it", err, c.want)
			}
		})
	}
}

func TestReadReportsWhatEndsIt(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := frame.Read(cancelled, strings.NewReader(records), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
	broken := errors.New("the disk is gone")
	if _, err := frame.Read(t.Context(), iotest.ErrReader(broken), 0); !errors.Is(err, broken) {
		t.Errorf("a broken stream: %v", err)
	}
	if _, err := frame.Read(t.Context(), strings.NewReader(records), -1); err == nil {
		t.Error("a negative limit was taken")
	}
}

func TestReadOfTheArxivSnapshotHasItsFourteenColumns(t *testing.T) {
	root := os.Getenv("PAPERLAB_DATA")
	if root == "" {
		t.Skip("SKIPPED: set PAPERLAB_DATA to the data folder to read real arXiv metadata")
	}
	file, err := os.Open(filepath.Join(root, "arxiv-kaggle-2007", "arxiv-metadata-0704.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	f, err := frame.Read(t.Context(), file, 1000)
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, "Len", f.Len(), 1000)
	checkEqual(t, "Columns", f.Columns(), []string{"id", "submitter", "authors", "title", "comments", "journal-ref", "doi",
		"report-no", "categories", "license", "abstract", "versions", "update_date", "authors_parsed"})
	checkEqual(t, "first id", must[[]string](t)(f.Strings("id"))[0], "0704.0001")
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(records))
	f.Add([]byte("{\"a\":[{}],\"\":-0.0}\n{\"a\":\"\xff\\u0000\"}\n"))
	f.Add([]byte(`{"a":{"b":` + strings.Repeat("[", 50) + strings.Repeat("]", 50) + `}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := frame.Read(t.Context(), strings.NewReader(string(data)), 0)
		if err != nil {
			return
		}
		for _, name := range table.Columns() {
			if texts := must[[]string](t)(table.Strings(name)); len(texts) != table.Len() {
				t.Errorf("column %q has %d cells of %d", name, len(texts), table.Len())
			}
		}
		_ = table.String() + table.HTML() + table.Info().String() + table.Describe().String()
	})
}

func BenchmarkRead(b *testing.B) {
	line := `{"id":"0704.0001","title":"A title","categories":"hep-ph","abstract":"` + strings.Repeat("some words ", 100) +
		`","versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"}],"year":2007}` + "\n"
	lines := strings.Repeat(line, 1000)
	b.SetBytes(int64(len(lines)))
	for b.Loop() {
		if _, err := frame.Read(b.Context(), strings.NewReader(lines), 0); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAFileIsReadAndNamedInErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "papers.json")
	if err := os.WriteFile(path, []byte("{\"title\":\"A\"}\n{\"title\":\"B\"}\nrubbish\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if f, err := frame.ReadFile(t.Context(), path, 2); err != nil || f.Len() != 2 {
		t.Errorf("%v, %v", f, err)
	}
	if _, err := frame.ReadFile(t.Context(), path, 0); err == nil || !strings.Contains(err.Error(), "papers.json: frame: line 3") {
		t.Errorf("%v", err)
	}
	if _, err := frame.ReadFile(t.Context(), path+"x", 0); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestAPackedFileIsReadAsThePlainOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "papers.json.gz")
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(records)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"whole": packed.Bytes(), "cut short": packed.Bytes()[:packed.Len()-9]} {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := frame.ReadFile(t.Context(), path, 0)
		if name == "whole" && (err != nil || f.Len() != 3) || name != "whole" && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}
