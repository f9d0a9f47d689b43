package console_test

import (
	"strings"
	"testing"

	"paperlab/lib/console"
)

func TestTablesAlignNumbersAtTheRight(t *testing.T) {
	var out strings.Builder
	err := console.Table(&out, []string{"run", "loss", "epochs", "done", "note"}, [][]string{
		{"baseline", "2.5", "3", "100%", "first\nline"},
		{"été", "12.75", "-", "5%"},
		{"χ²", "NaN", "10", "", "\x1b[31mred"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `run        loss  epochs  done  note
────────────────────────────────────────────
baseline    2.5       3  100%  first; line
été       12.75       -    5%
χ²          NaN      10         [31mred
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

func TestATableWithoutRowsIsItsHeader(t *testing.T) {
	var out strings.Builder
	if err := console.Table(&out, []string{"id", "name"}, nil); err != nil {
		t.Fatal(err)
	}
	if first, _, _ := strings.Cut(out.String(), "\n"); first != "id  name" {
		t.Errorf("got %q", out.String())
	}
}
