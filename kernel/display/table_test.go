package display_test

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"paperlab/kernel/display"
)

type author struct{ Name string }

type base struct{ ID int }

type paper struct {
	base
	Title   string
	Score   float64
	Authors []author
	Read    time.Duration
	secret  string
}

var rule = regexp.MustCompile("─+")

func TestTables(t *testing.T) {
	papers := []paper{
		{base{7}, "One", 1.0 / 3, []author{{"A"}}, time.Second, "x"},
		{base{12}, "Two\nlines", 1234567, nil, 0, "y"},
	}
	for _, test := range []struct {
		name  string
		value any
		want  string // of the text
	}{
		{"structs", papers, `
[]display_test.paper, 2 rows × 5 columns
   ID  Title          Score  Authors  Read
──
0   7  One         0.333333  [{A}]    1s
1  12  Two\nlines   1234567  []       0s`},
		{"pointers to structs, one of them nil", []*author{{"A"}, nil}, `
[]*display_test.author, 2 rows × 1 column
   Name
──
0  A
1  <nil>`},
		{"a pointer to a list", &[]author{{"A"}}, `
[]display_test.author, 1 row × 1 column
   Name
──
0  A`},
		{"no structs", []author{}, `
[]display_test.author, 0 rows × 1 column
  Name
──`},
		{"a map of structs", map[string]author{"b": {"B"}, "a": {"A"}}, `
map[string]display_test.author, 2 rows × 1 column
   Name
──
a  A
b  B`},
		{"records", []map[string]any{{"year": 2017, "title": "Attention is all you need"}, {"title": "BERT", "pages": 16.0, "note": "deep bidirectional"}}, `
[]map[string]any, 2 rows × 4 columns
   note                pages  title                      year
──
0                             Attention is all you need  2017
1  deep bidirectional     16  BERT`},
		{"a map of maps in one line", map[string]map[string]float64{"lead": {"rouge1": 0.25}}, "\nmap[lead:map[rouge1:0.25]]"},
		{"a short map", map[string]int{"a": 1}, "\nmap[a:1]"},
		{"short lists", [][]int{{1}, {2, 3}}, "\n[[1] [2 3]]"},
		{"a map of lists of one length", map[string][]float64{"a long name of a column": {1, 2.5}, "another long name of a column": {math.NaN(), 1e-9},
			"the third long name": {1e6, 0}}, `
map[string][]float64, 2 rows × 3 columns
   a long name of a column  another long name of a column  the third long name
──
0                        1                            NaN              1000000
1                      2.5                          1e-09                    0`},
		{"a map of lists of several lengths", map[string][]string{strings.Repeat("long ", 20): {"a"}, "b": nil}, `
map[string][]string, 2 rows × 1 column
                                          value
──
b                                         []
long long long long long long long long…  [a]`},
		{"a matrix", mat.NewDense(2, 2, []float64{1, 2.5, -3, 4}), `
mat.Dense, 2 rows × 2 columns
    0    1
──
0   1  2.5
1  -3    4`},
		{"a vector", mat.NewVecDense(2, []float64{1, 2}), `
mat.VecDense, 2 rows × 1 column
   0
──
0  1
1  2`},
		{"a struct", paper{Title: "One", secret: "x"}, "\n{{0} One 0 [] 0s x}"},
		{"a pointer to a struct", &author{"A"}, "\n&{A}"},
		{"rows under a header", display.Table{Caption: "runs", Header: []string{"id", "loss", "share"}, Rows: [][]string{{"a", "1,234", "5%"}, {"b"}, {"c", "-", "", "more"}}}, `
runs
id   loss  share
──
a   1,234     5%
b
c       -         more`},
	} {
		b := display.Render(test.value)
		if got := "\n" + rule.ReplaceAllString(text(t, b, "text/plain"), "──"); got != test.want {
			t.Errorf("%s:%s\nwant%s", test.name, got, test.want)
		}
		html := text(t, b, "text/html")
		for _, want := range []string{"<table", "</table>", `<th scope="col"`} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: no %s in %s", test.name, want, html)
			}
		}
	}
}

func TestWhatHasNoPartsIsNoTable(t *testing.T) {
	for _, v := range []any{
		[]int{1}, []time.Time{{}}, []error{errors.New("x")}, []struct{ hidden int }{{1}}, "text", 1, struct{ hidden int }{1}, time.Time{}, []byte("ab"), []any{author{"A"}}, [][]byte{{1}},
		func() {}, []string{"a"},
	} {
		if b := display.Render(v); len(b.Data) != 1 {
			t.Errorf("%T is shown as %v", v, b.Data)
		}
	}
}

func TestALargeTableShowsItsBeginning(t *testing.T) {
	papers := make([]author, 1284)
	b := display.Render(papers)
	html := text(t, b, "text/html")
	if rows := strings.Count(html, `<th scope="row"`); rows != 20 || !strings.Contains(html, "… and 1,264 more rows") || !strings.Contains(html, "1,284 rows") {
		t.Errorf("%d rows: %s", rows, html)
	}
	if lines := strings.Split(text(t, b, "text/plain"), "\n"); len(lines) != 24 || lines[23] != "… and 1,264 more rows" {
		t.Errorf("%d lines, the last one %q", len(lines), lines[len(lines)-1])
	}
	wide := mat.NewDense(51, 31, nil)
	if html := text(t, display.Render(wide), "text/html"); !strings.Contains(html, "… and 31 more rows, 1 more column") || strings.Count(html, "<td ") != 20*30+1 {
		t.Errorf("a wide matrix is %s", html)
	}
	if rows := strings.Count(text(t, display.Render(papers[:50]), "text/html"), `<th scope="row"`); rows != 50 {
		t.Errorf("%d of 50 rows are shown", rows)
	}
}

func TestATableIsReadAloudWell(t *testing.T) {
	html := text(t, display.Render([]struct {
		Name string
		Size int
	}{{"a", 1}}), "text/html")
	for _, want := range []string{
		`<caption style="text-align: left`,
		`<th scope="col" style="text-align: left">Name</th><th scope="col" style="text-align: right">Size</th>`,
		`<th scope="row" style="text-align: left">0</th><td style="text-align: left">a</td><td style="text-align: right">1</td>`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in %s", want, html)
		}
	}
}

func TestAStructShowsItsFields(t *testing.T) {
	html := text(t, display.Render(&paper{base: base{7}, Title: "One", secret: "x"}), "text/html")
	for _, want := range []string{">display_test.paper</caption>", ">ID</th><td style=\"text-align: left\">7</td>", ">Title</th>", ">Read</th>"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in %s", want, html)
		}
	}
	if strings.Contains(html, "secret") {
		t.Errorf("an unexported field in %s", html)
	}
}

func TestALongCellIsShortenedWithTheWholeInItsTooltip(t *testing.T) {
	title := strings.Repeat("ü", 59) + `"><script>alert(1)</script>`
	html := text(t, display.Render([]author{{title}}), "text/html")
	if !strings.Contains(html, `title="`+strings.Repeat("ü", 59)+"&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\">"+strings.Repeat("ü", 59)+"…</td>") {
		t.Errorf("the cell is %s", html)
	}
	html = text(t, display.Render([]author{{strings.Repeat("x", 1_000_000)}}), "text/html")
	if len(html) > 3000 {
		t.Errorf("a very long cell makes %d bytes", len(html))
	}
}

// evil breaks out of HTML wherever it is not escaped.
const evil = `</td></table></pre>"'><script>alert(1)</script><img src=x onerror=alert(1)>`

func TestNothingInAValueIsExecuted(t *testing.T) {
	type key string
	for _, v := range []any{
		[]author{{evil}}, []*author{{evil}}, map[string]int{evil: 1}, map[key]string{evil: evil}, map[string][]string{evil: {evil}},
		map[string]author{evil: {evil}}, []map[string]any{{evil: evil}}, [][]string{{evil}}, errors.New(evil), fmt.Errorf("%w", errors.New(evil)),
		display.Table{Caption: evil, Header: []string{evil}, Rows: [][]string{{evil, evil}}}, display.Bar{Label: evil, Note: evil, Problem: evil},
		display.Stack(evil, errors.New(evil), []author{{evil}}), evil, []byte(evil), display.Auto(evil), display.Auto([]byte(evil)), display.Any("", strings.NewReader(evil)),
	} {
		b := display.Render(v)
		html, _ := b.Data["text/html"].(string)
		if strings.Contains(html, "<script") || strings.Contains(html, "<img") || strings.Contains(html, `"'>`) {
			t.Errorf("%T: %s", v, html)
		}
		for mime := range b.Data {
			if mime != "text/html" && mime != "text/plain" {
				t.Errorf("%T is shown as %s", v, mime)
			}
		}
	}
}

func TestConsolesGetNoControlCharactersFromTables(t *testing.T) {
	for _, v := range []any{
		[]author{{"a\x1b[2Jb\r"}}, map[string]string{"\x1b": strings.Repeat("\x07", 100)}, display.Table{Caption: "\x1b", Header: []string{"\x1b"}},
		display.Bar{Label: "\x1b", Note: "\r", Problem: "\x07"},
	} {
		if plain := text(t, display.Render(v), "text/plain"); strings.ContainsAny(plain, "\x1b\r\x07") {
			t.Errorf("%T: %q", v, plain)
		}
	}
}
