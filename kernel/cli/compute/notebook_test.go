package compute_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"paperlab/kernel/cli/compute"
	"paperlab/kernel/headless"
	"paperlab/kernel/interp"
	"paperlab/kernel/nbformat"
)

// runCells runs cells in the real interpreter and returns the notebook as it was saved.
func runCells(t *testing.T, o headless.Options, sources ...string) (*nbformat.Notebook, error) {
	t.Helper()
	kernel, err := compute.NotebookKernel(nil)()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := kernel.Close(); err != nil {
			t.Error(err)
		}
	}()
	nb := nbformat.New()
	for i, source := range sources {
		nb.Cells = append(nb.Cells, nbformat.Cell{ID: fmt.Sprint("c", i+1), Type: nbformat.Code, Source: source})
	}
	path := filepath.Join(t.TempDir(), "nb.ipynb")
	o.Now, o.Random = time.Now, rand.New(rand.NewPCG(1, 2))
	runErr := headless.Run(t.Context(), nb, path, kernel, o)
	saved, err := nbformat.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return saved, runErr
}

// put writes a cell's outputs in brief.
func put(cell nbformat.Cell) string {
	var b strings.Builder
	for _, out := range cell.Outputs {
		switch out.Type {
		case nbformat.Stream:
			fmt.Fprintf(&b, "%s %q\n", out.Name, out.Text)
		case nbformat.Error:
			fmt.Fprintf(&b, "error %s: %s\n", out.ErrorName, out.ErrorValue)
		default:
			fmt.Fprintf(&b, "%s %v\n", out.Type, out.Data["text/plain"])
		}
	}
	return b.String()
}

func TestCellsPutOutWhatTheyDoBehindJupyter(t *testing.T) {
	for name, c := range map[string]struct {
		sources []string
		want    string // of the last
	}{
		"the value of an expression":      {[]string{"x := 41", "x + 1"}, "execute_result 42\n"},
		"nothing for a statement":         {[]string{"x := 41"}, ""},
		"text and the value behind it":    {[]string{"import \"fmt\"\nfmt.Println(\"a\")\nfmt.Print(\"b\")\n7"}, "stdout \"a\\nb\"\nexecute_result 7\n"},
		"a shell command":                 {[]string{"$ echo hi"}, "stdout \"hi\\n\"\n"},
		"a command that fails":            {[]string{"$ exit 3"}, "error Error: $ exit 3: exit status 3\n"},
		"a display":                       {[]string{"Display(display.Markdown(\"*x*\"))"}, "display_data *x*\n"},
		"a display in its last state":     {[]string{"h, err := display.NewHandle(ctx, 1)\nfor i := range 50 { err = h.Update(i) }"}, "display_data 49\n"},
		"an error of the compiler":        {[]string{"x := 1\n  y := z"}, "error CompileError: In[1]:2:8: undefined: z\n"},
		"a panic":                         {[]string{"var m map[string]int\nm[\"a\"] = 1"}, "error panic: assignment to entry in nil map\n"},
		"an update from another cell":     {[]string{"h, _ := display.NewHandle(ctx, 1)", "_ = h.Update(2)\nh.Flush()", "3"}, "execute_result 3\n"},
		"a parameter that is a duration":  {[]string{"import \"time\"\nlimit := time.Second", "limit = 90000000000 // 1m30s\nlimit"}, "execute_result 1m30s\n"},
		"a parameter of another constant": {[]string{"const n = 1", "const n = 2", "n * 2"}, "execute_result 4\n"},
	} {
		t.Run(name, func(t *testing.T) {
			nb, err := runCells(t, headless.Options{AllowErrors: true}, c.sources...)
			if err != nil {
				t.Fatal(err)
			}
			if got := put(nb.Cells[len(nb.Cells)-1]); got != c.want {
				t.Errorf("put out\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestAFailedCellIsNamedWithItsPlace(t *testing.T) {
	_, err := runCells(t, headless.Options{}, "x := 1", "\ny := 2\nif x == {}")
	var failed *headless.CellError
	if !errors.As(err, &failed) || failed.Cell != 2 || failed.Line != "y := 2" {
		t.Fatalf("got %v", err)
	}
	if place := regexp.MustCompile(`In\[2\]:3:\d+: `); !place.MatchString(err.Error()) {
		t.Errorf("%v does not say where", err)
	}
	var compile *interp.CompileError
	if !errors.As(err, &compile) || compile.Diagnostics[0].Line != 3 {
		t.Errorf("%v is not the compiler's", err)
	}
}

func TestALoopWithoutEndIsStoppedAndTheNotebookGoesOn(t *testing.T) {
	nb, err := runCells(t, headless.Options{AllowErrors: true, Timeout: time.Second}, "n := 0\nfor { n++ }", "n > 0")
	if err != nil {
		t.Fatal(err)
	}
	if got := put(nb.Cells[0]) + put(nb.Cells[1]); got != "error TimeoutError: the cell was interrupted: it ran longer than 1s\nexecute_result true\n" {
		t.Error(got)
	}
}
