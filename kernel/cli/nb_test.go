package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/kernel/cli"
	"paperlab/kernel/display"
	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

// saying is a kernel whose cells say what their lines say: "out TEXT", "fail TEXT", "wait", "where".
type saying struct{ interrupt func() }

func (k saying) Execute(ctx context.Context, number int, source string, out *headless.Outputs) error {
	for line := range strings.Lines(source) {
		switch verb, rest, _ := strings.Cut(strings.TrimSpace(line), " "); verb {
		case "out":
			out.Stream("stdout", rest+"\n")
		case "value":
			out.Result(number, display.Bundle{Data: map[string]any{"text/plain": rest}, Metadata: map[string]any{}})
		case "fail":
			return &headless.Failure{Name: "panic", Value: rest, Traceback: []string{"panic: " + rest}}
		case "where":
			dir, err := os.Getwd()
			if err != nil {
				return err
			}
			out.Stream("stdout", dir+"\n")
		case "wait":
			k.interrupt()
			<-ctx.Done()
			return ctx.Err()
		}
	}
	return nil
}

func (saying) Close() error { return nil }

// nb calls a verb under nb and returns what it printed.
func nb(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(here) // comes back here behind the test
	root := &cobra.Command{Use: "paperlab", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(cli.Notebook(cli.NotebookRun(func() (cli.Kernel, error) { return saying{cancel}, nil })))
	var out, errs bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&errs)
	root.SetArgs(append([]string{"nb"}, args...))
	err = root.ExecuteContext(ctx)
	return out.String(), errs.String(), err
}

// write saves a notebook of code cells, the first of which is tagged parameters.
func write(t *testing.T, sources ...string) string {
	t.Helper()
	n := nbformat.New()
	for i, source := range sources {
		n.Cells = append(n.Cells, nbformat.Cell{ID: fmt.Sprintf("c%d", i+1), Type: nbformat.Code, Source: source})
	}
	n.Cells[0].Metadata = map[string]any{"tags": []any{"parameters"}}
	path := filepath.Join(t.TempDir(), "nb.ipynb")
	if err := n.Save(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) *nbformat.Notebook {
	t.Helper()
	n, err := nbformat.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRunShowsAndSavesWhatCellsPutOut(t *testing.T) {
	path := write(t, "lr := 1.0", "out hello\nvalue 42")
	stdout, stderr, err := nb(t, "run", path)
	if err != nil || stdout != "hello\n42\n" || stderr != "[1/2] lr := 1.0\n[2/2] out hello\nsaved "+path+"\n" {
		t.Errorf("%v, printed %q and %q", err, stdout, stderr)
	}
	if cell := read(t, path).Cells[1]; len(cell.Outputs) != 2 || *cell.ExecutionCount != 2 {
		t.Errorf("saved %+v", cell)
	}
}

func TestRunLeavesTheNotebookAloneWhenItSavesElsewhere(t *testing.T) {
	path := write(t, "lr := 1.0", "where")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	t.Chdir(elsewhere)
	stdout, _, err := nb(t, "run", path, "-o", "out.ipynb", "-p", "lr=2")
	if err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("%v, the notebook was changed", err)
	}
	if out := read(t, filepath.Join(elsewhere, "out.ipynb")); len(out.Cells) != 3 || out.Cells[1].Source != "// Parameters\nlr = 2.0" {
		t.Errorf("saved %+v", out.Cells)
	}
	if want, err := filepath.EvalSymlinks(filepath.Dir(path)); err != nil || strings.TrimSpace(stdout) != want {
		t.Errorf("%v, it ran in %s, want the notebook's folder %s", err, stdout, want)
	}
}

func TestRunEndsAtACellThatFails(t *testing.T) {
	path := write(t, "lr := 1.0", "fail too bad", "out never")
	stdout, stderr, err := nb(t, "run", path)
	want := "nb run " + path + `: cell 2, In[2] "fail too bad": panic: too bad`
	if err == nil || err.Error() != want || stdout != "" || !strings.HasSuffix(stderr, "panic: too bad\n") {
		t.Errorf("got %v, want %s; printed %q and %q", err, want, stdout, stderr)
	}
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), path) {
		t.Errorf("it does not say where the outputs are")
	}
	stdout, _, err = nb(t, "run", path, "--allow-errors")
	if err != nil || stdout != "never\n" {
		t.Errorf("with --allow-errors: %v, %q", err, stdout)
	}
}

func TestRunIsInterrupted(t *testing.T) {
	path := write(t, "out a", "wait", "out b")
	_, _, err := nb(t, "run", path)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if cells := read(t, path).Cells; len(cells[0].Outputs) != 1 || cells[2].ExecutionCount != nil {
		t.Errorf("saved %+v", cells)
	}
}

func TestAWrongParameterIsMisuse(t *testing.T) {
	for setting, want := range map[string]string{
		"lt=2": "parameter lt: the notebook has none of that name; it has lr float64", "lr=x": `parameter lr: "x" is not a finite number of type float64`,
	} {
		_, _, err := nb(t, "run", write(t, "lr := 1.0"), "-p", setting)
		var misuse interface{ Usage() bool }
		if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &misuse) || !misuse.Usage() {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestRunAsJSONTellsEachEvent(t *testing.T) {
	stdout, _, err := nb(t, "run", write(t, "lr := 1.0", "out <a>\nvalue 42", "fail x"), "--json")
	if err == nil {
		t.Error("it did not fail")
	}
	var list []string
	for line := range strings.Lines(stdout) {
		var e struct {
			Event, Status, Error string
			Cell                 int
			Output               struct {
				Type string `json:"output_type"`
				Text string
			}
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		list = append(list, strings.TrimSpace(fmt.Sprint(e.Event, " ", e.Cell, " ", e.Output.Type, e.Output.Text, e.Status, " ", e.Error)))
	}
	want := "start 1|end 1 ok|start 2|output 2 stream<a>|output 2 execute_result|end 2 ok|start 3|output 3 error|end 3 error panic: x"
	if got := strings.ReplaceAll(strings.Join(list, "|"), "\n", ""); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCheckSaysWhatIsFresh(t *testing.T) {
	path := write(t, "lr := 1.0", "out b", "out c", "out d")
	if _, _, err := nb(t, "run", path); err != nil {
		t.Fatal(err)
	}
	if stdout, _, err := nb(t, "check", path); err != nil || stdout != path+": fresh\n" {
		t.Errorf("%v: %s", err, stdout)
	}
	changed := read(t, path)
	changed.Cells[1].Source = "out B"
	if err := changed.Save(path); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.ipynb")
	if err := os.WriteFile(broken, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	stdout, _, err := nb(t, "check", path, broken)
	want := path + ": cell 2 \"out B\": changed after it was run\n" +
		path + ": cells 3 to 4 (2 of code): run before the cells above it became what they are\n" +
		"nbformat: " + broken + ": this is no notebook: its JSON ends early\n"
	if err == nil || err.Error() != "nb check: 2 of 2 notebooks not fresh" || stdout != want {
		t.Errorf("%v:\n%s\nwant\n%s", err, stdout, want)
	}
	stdout, _, _ = nb(t, "check", "--json", path)
	want = fmt.Sprintf(`{"file":%q,"status":"stale","cells":[{"cell":2,"state":"changed","line":"out B"},`+
		`{"cell":3,"state":"outdated","line":"out c"},{"cell":4,"state":"outdated","line":"out d"}]}`, path) + "\n"
	if stdout != want {
		t.Errorf("as JSON\n%s\nwant\n%s", stdout, want)
	}
}

func TestExportWritesAPage(t *testing.T) {
	path := write(t, "lr := 1.0")
	stdout, _, err := nb(t, "export", "--html", path)
	out := strings.TrimSuffix(path, ".ipynb") + ".html"
	if err != nil || stdout != out+"\n" {
		t.Fatalf("%v: %s", err, stdout)
	}
	page, err := os.ReadFile(out)
	if err != nil || !strings.Contains(string(page), "<title>nb.ipynb</title>") {
		t.Errorf("%v: %.200s", err, page)
	}
	if _, _, err := nb(t, "export", path); err == nil || !strings.Contains(err.Error(), "html") {
		t.Errorf("without a format: %v", err)
	}
	if _, _, err := nb(t, "export", "--html", filepath.Join(t.TempDir(), "absent.ipynb")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
}
