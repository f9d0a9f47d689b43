package corpus_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/corpus"
)

func TestRead(t *testing.T) {
	const arxiv = `{"id":"0704.0001","submitter":null,"authors":"A. Author","title":"A title","categories":"hep-ph",` +
		`"abstract":"  Some\ntext.","versions":[{"version":"v1"}]}`
	tests := []struct {
		name, input string
		want        []corpus.Paper
	}{
		{"arXiv metadata keeps line breaks and drops the other fields", arxiv + "\n", []corpus.Paper{
			{ID: "0704.0001", Title: "A title", Abstract: "  Some\ntext.", Categories: "hep-ph", Authors: "A. Author", Year: 2007}}},
		{"a null or missing field is empty", `{"title":null,"abstract":"x","categories":null}`,
			[]corpus.Paper{{Abstract: "x"}}},
		{"lists of names and categories are joined", `{"title":"t","abstract":"x","authors":["A","B"],"categories":["cs.CL","cs.AI"]}`,
			[]corpus.Paper{{Title: "t", Abstract: "x", Authors: "A, B", Categories: "cs.CL cs.AI"}}},
		{"scientific_papers loses its sentence marks but not the spaces in them",
			`{"article_id":"P1","article_text":["one .","two ."],"abstract_text":["<S> a . </S>","<S> b . </S>"],"labels":null,"section_names":["i","ii"],"sections":[["one ."],["two ."]]}`,
			[]corpus.Paper{{ID: "P1", Article: "one .\ntwo .", Abstract: " a . \n b . ", Sections: []string{"i", "ii"}}}},
		{"flat scientific_papers", `{"article":"one .\ntwo .","abstract":"a .","section_names":"i\nii"}`,
			[]corpus.Paper{{Article: "one .\ntwo .", Abstract: "a .", Sections: []string{"i", "ii"}}}},
		{"an article list beside an abstract text", `{"article_text":["one .","two ."],"abstract":"a ."}`,
			[]corpus.Paper{{Article: "one .\ntwo .", Abstract: "a ."}}},
		{"an identifier may be a number, or null", `{"article_id":17,"article":"a","abstract":"b"}` + "\n" + `{"article_id":null,"article":"c","abstract":"d"}`,
			[]corpus.Paper{{ID: "17", Article: "a", Abstract: "b"}, {Article: "c", Abstract: "d"}}},
		{"an empty article is a record", `{"article_text":[],"abstract_text":["<S> a </S>"],"section_names":[]}`,
			[]corpus.Paper{{Abstract: " a ", Sections: []string{}}}},
		{"SciTLDR gives its first summary", `{"paper_id":"x","title":"t","source":["one.","two."],"target":["short","brief"]}`,
			[]corpus.Paper{{ID: "x", Title: "t", Article: "one.\ntwo.", Abstract: "short"}}},
		{"a document of BEIR's has its text as abstract", `{"_id":"7","title":"t","text":"x y","metadata":{"url":"u"}}`,
			[]corpus.Paper{{ID: "7", Title: "t", Abstract: "x y"}}},
		{"a byte order mark, CRLF, blank lines and a last line without its end",
			"\ufeff\r\n{\"title\":\"1\",\"abstract\":\"\"}\r\n\r\n  \n{\"title\":\"2\",\"abstract\":\"\"}",
			[]corpus.Paper{{Title: "1"}, {Title: "2"}}},
		{"each byte of invalid UTF-8 becomes one replacement character", "{\"title\":\"a\xff\xfeb\xe2\x82\",\"abstract\":\"\"}",
			[]corpus.Paper{{Title: "a\uFFFD\uFFFDb\uFFFD\uFFFD"}}},
		{"escapes are resolved", `{"title":"caf\u00e9 \ud83d\ude00 \ud800","abstract":"\/"}`,
			[]corpus.Paper{{Title: "café 😀 \uFFFD", Abstract: "/"}}},
		{"nothing holds nothing", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, input := range [][]byte{[]byte(test.input), zipped(t, []byte(test.input))} {
				got, err := corpus.Collect(corpus.Read(t.Context(), bytes.NewReader(input), "in"))
				if err != nil {
					t.Fatal(err)
				}
				checkEqual(t, got, test.want)
			}
		})
	}
}

func TestReadTakesLinesOfAnyLength(t *testing.T) {
	long := strings.Repeat("word ", 1<<20)
	input := `{"title":"1","abstract":"` + long + `"}` + "\n" + `{"title":"2","abstract":"b"}`
	got, err := corpus.Collect(corpus.Read(t.Context(), strings.NewReader(input), "in"))
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, got, []corpus.Paper{{Title: "1", Abstract: long}, {Title: "2", Abstract: "b"}})
}

func TestMalformedLineIsReportedByFileAndNumber(t *testing.T) {
	const good = `{"title":"t","abstract":"a"}`
	tests := []struct{ name, line, want string }{
		{"cut off", `{"title":"t",`, `in.jsonl:3: malformed record: byte 13: unexpected end of JSON input`},
		{"not JSON", `hello`, `in.jsonl:3: malformed record: byte 1: invalid character 'h' looking for beginning of value`},
		{"two records on one line", good + good, `in.jsonl:3: malformed record: byte 29: invalid character '{' after top-level value`},
		{"a number for a text", `{"title":1,"abstract":"a"}`, `in.jsonl:3: malformed record: field "title" holds a number where text is expected`},
		{"a list for an identifier", `{"id":[1],"title":"t","abstract":"a"}`, `in.jsonl:3: malformed record: field "id" holds an array where text is expected`},
		{"an object in a list", `{"title":"t","abstract":["a",{}]}`, `in.jsonl:3: malformed record: field "abstract" holds an object where text is expected`},
		{"no object", `["t"]`, `in.jsonl:3: malformed record: the line holds an array where a JSON object is expected`},
		{"null", `null`, `in.jsonl:3: malformed record: an arXiv record needs the fields title and abstract`},
		{"a field too few", `{"title":"t"}`, `in.jsonl:3: malformed record: an arXiv record needs the fields title and abstract`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			input := good + "\n\n" + test.line + "\n" + good
			var reported []error
			papers := corpus.Skip(corpus.Read(t.Context(), strings.NewReader(input), "in.jsonl"), func(e *corpus.LineError) {
				reported = append(reported, e)
			})
			got, err := corpus.Collect(papers)
			if err != nil || len(got) != 2 {
				t.Fatalf("skipping gave %d papers, error %v; want 2, none", len(got), err)
			}
			if len(reported) != 1 || reported[0].Error() != test.want {
				t.Errorf("reported %v\nwant     %v", reported, test.want)
			}

			got, err = corpus.Collect(corpus.Read(t.Context(), strings.NewReader(input), "in.jsonl"))
			var malformed *corpus.LineError
			if !errors.As(err, &malformed) || malformed.Line != 3 || len(got) != 1 {
				t.Errorf("stopping gave %d papers, error %v; want 1 paper and line 3", len(got), err)
			}
		})
	}
}

func TestFirstLineMayBeMalformed(t *testing.T) {
	input := "garbage\n{\"name\":1}\n{\"title\":\"t\",\"abstract\":\"a\"}\n"
	var lines []int
	papers := corpus.Skip(corpus.Read(t.Context(), strings.NewReader(input), "in"), func(e *corpus.LineError) {
		lines = append(lines, e.Line)
	})
	got, err := corpus.Collect(papers)
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, got, []corpus.Paper{{Title: "t", Abstract: "a"}})
	if !slices.Equal(lines, []int{1, 2}) {
		t.Errorf("malformed lines %v, want [1 2]", lines)
	}
}

func TestFileThatIsOneJSONArrayIsToldHowToBeConverted(t *testing.T) {
	_, err := corpus.Collect(corpus.Read(t.Context(), strings.NewReader("[{\"title\":\"t\",\n\"abstract\":\"a\"}]"), "in"))
	if err == nil || !strings.Contains(err.Error(), "in:1: malformed record: a JSON array") || !strings.Contains(err.Error(), "jq") {
		t.Errorf("got %v", err)
	}
}

func TestUnreadableStreamEndsTheSequence(t *testing.T) {
	lines := strings.Repeat(`{"title":"t","abstract":"a"}`+"\n", 3)
	var parts bytes.Buffer // two gzip members, the second one to be cut
	parts.Write(zipped(t, []byte(lines)))
	parts.Write(zipped(t, []byte(lines)))
	whole := parts.Bytes()
	damaged := bytes.Clone(zipped(t, []byte(lines)))
	damaged[len(damaged)-6] ^= 0xff // in the checksum

	tests := []struct {
		name  string
		input []byte
		want  string
	}{
		{"a gzip stream cut short", whole[:len(whole)-10], "cannot be read past line 6: it ends early"},
		{"a gzip stream with a wrong checksum", damaged, "cannot be read past line 3: it is damaged"},
		{"a gzip header cut short", whole[:5], "cannot be read: it ends early"},
		{"UTF-16", []byte("\xff\xfe{\x00}\x00"), "is UTF-16, not UTF-8"},
		{"a zip archive", []byte("PK\x03\x04\x14\x00\x00\x00"), "is not text"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var last error
			for _, err := range corpus.Read(t.Context(), bytes.NewReader(test.input), "papers.gz") {
				if last != nil {
					t.Fatalf("the sequence goes on behind %v", last)
				}
				last = err
			}
			var malformed *corpus.LineError
			if last == nil || errors.As(last, &malformed) || !strings.Contains(last.Error(), "papers.gz: "+test.want) {
				t.Errorf("got %v, want an error with %q that is no LineError", last, test.want)
			}
		})
	}
}

func TestOpenOfNoFileIsAnError(t *testing.T) {
	_, err := corpus.Collect(corpus.Open(t.Context(), filepath.Join(t.TempDir(), "none.jsonl")))
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want one that is os.ErrNotExist", err)
	}
}

func TestCancelledContextEndsTheSequence(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	papers := 0
	var last error
	for _, err := range corpus.Read(ctx, io.LimitReader(&snapshot{}, 1<<20), "in") {
		if last = err; err == nil {
			papers++
		}
		if papers == 5 {
			cancel(errors.New("enough"))
		}
	}
	if papers != 5 || last == nil || !strings.Contains(last.Error(), "reading stopped after line 5: enough") {
		t.Errorf("got %d papers and error %v", papers, last)
	}
}

func TestLimit(t *testing.T) {
	input := strings.Repeat("{\"title\":\"t\",\"abstract\":\"a\"}\nbad\n", 3)
	for n, want := range []struct{ papers, errors int }{{0, 0}, {1, 0}, {2, 1}, {3, 2}, {3, 3}} {
		papers, malformed := 0, 0
		for _, err := range corpus.Limit(corpus.Read(t.Context(), strings.NewReader(input), "in"), n) {
			if err != nil {
				malformed++
			} else {
				papers++
			}
		}
		if papers != want.papers || malformed != want.errors {
			t.Errorf("Limit %d gave %d papers and %d errors, want %d and %d", n, papers, malformed, want.papers, want.errors)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","title":"t","abstract":"a","categories":"c"}` + "\n{}\nnull\n",
		`{"article_text":["a","b"],"abstract_text":["<S> a </S>"],"section_names":null}`,
		`{"source":["a"],"target":["b"]}` + "\r\n\r\n" + `{"source":"a","target":[]}`,
		"\ufeff{\"title\":\"\xff\\ud800\",\"abstract\":{}}",
		"\x1f\x8b\x08\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		plain, lines := readAll(t, data)
		if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
			return
		}
		unzipped, sameLines := readAll(t, zipped(t, data))
		checkEqual(t, unzipped, plain)
		if !slices.Equal(lines, sameLines) {
			t.Errorf("malformed lines %v plain, %v in gzip", lines, sameLines)
		}
	})
}

// readAll reads data to its end and returns its papers and the numbers of its malformed lines.
func readAll(t *testing.T, data []byte) ([]corpus.Paper, []int) {
	t.Helper()
	var papers []corpus.Paper
	var lines []int
	for p, err := range corpus.Read(t.Context(), bytes.NewReader(data), "in") {
		var malformed *corpus.LineError
		switch {
		case errors.As(err, &malformed):
			if len(lines) > 0 && malformed.Line <= lines[len(lines)-1] {
				t.Fatalf("line %d is reported behind line %d", malformed.Line, lines[len(lines)-1])
			}
			lines = append(lines, malformed.Line)
		case err == nil:
			checkText(t, p)
			papers = append(papers, p)
		}
	}
	return papers, lines
}

func TestTheYearOfAnArXivPaperIsThatOfItsID(t *testing.T) {
	for id, want := range map[string]int{
		"0704.0001": 2007, "1207.1234v2": 2012, "2401.01234": 2024, "hep-th/9901001": 1999, "math.DG/0211159": 2002, "cs/0012001": 2000,
		"A00-1031": 2021, "9913.1234": 2021, "": 2021, // none of arXiv's: the year of the last change
	} {
		record := fmt.Sprintf(`{"id":%q,"title":"t","abstract":"a","update_date":"2021-03-04"}`, id)
		papers, err := corpus.Collect(corpus.Read(t.Context(), strings.NewReader(record), "in"))
		if err != nil || len(papers) != 1 || papers[0].Year != want {
			t.Errorf("%s: %+v, %v, want %d", id, papers, err, want)
		}
	}
}
