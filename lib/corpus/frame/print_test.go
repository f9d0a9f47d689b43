package frame_test

import (
	"fmt"
	"strings"
	"testing"

	"paperlab/lib/corpus/frame"
)

func TestStringAlignsColumns(t *testing.T) {
	got := read(t, `{"id":"a","title":"日本","n":1}`+"\n"+`{"id":"bcd","title":"two\nlines\tand \\","n":0.1234567}`).String()
	want := strings.Join([]string{
		`    id              title         n`,
		`0    a               日本         1`,
		`1  bcd  two\nlines\tand \  0.123457`,
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// pandas prints a text of 49 characters whole and 46 of a longer one.
func TestLongCellsAreCutAsPandasCutsThem(t *testing.T) {
	for length, want := range map[int]string{
		49: strings.Repeat("é", 49),
		50: strings.Repeat("é", 46) + "...",
		51: strings.Repeat("é", 46) + "...",
	} {
		f := read(t, fmt.Sprintf(`{"c":%q}`, strings.Repeat("é", length)))
		for name, printed := range map[string]string{"String": f.String(), "HTML": f.HTML()} {
			if !strings.Contains(printed, want) || strings.Contains(printed, want+"é") || strings.Count(printed, "é") != strings.Count(want, "é") {
				t.Errorf("%s of %d characters:\n%s", name, length, printed)
			}
		}
	}
}

func TestLongTablesShowBothEndsAndTheirSize(t *testing.T) {
	lines := func(n int) *frame.Frame { return read(t, strings.Repeat("{\"c\":7}\n", n)) }
	if got := lines(60).String(); strings.Count(got, "\n") != 60 || strings.Contains(got, "...") {
		t.Errorf("60 rows:\n%s", got)
	}
	got := lines(61).String()
	if strings.Count(got, "\n") != 13 || !strings.Contains(got, "\n4      7\n...") || !strings.Contains(got, "\n56     7") {
		t.Errorf("61 rows:\n%s", got)
	}
	for _, printed := range []string{got, lines(61).HTML()} {
		if !strings.Contains(printed, "[61 rows x 1 columns]") {
			t.Errorf("no size in\n%s", printed)
		}
	}
}

func TestHTMLEscapesNamesAndCells(t *testing.T) {
	got := read(t, `{"<b>":"<script>alert('x')</script> & \"y\""}`).HTML()
	if strings.Contains(got, "<b>") || strings.Contains(got, "<script>") || !strings.Contains(got, "&lt;script&gt;") {
		t.Errorf("not escaped:\n%s", got)
	}
	if !strings.HasPrefix(got, `<table class="dataframe">`) || !strings.HasSuffix(got, "</table>") {
		t.Errorf("not a table:\n%s", got)
	}
}
