package jupyter_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/kernel/nbformat"
)

func TestJupyterKernelTestPassesWhole(t *testing.T) {
	suite, err := os.Open("testdata/kernel_test.py") // opened here, so that go test runs it again when it changed
	if err != nil {
		t.Fatal(err)
	}
	defer suite.Close()
	python := client(t, t.TempDir(), "python", "-", "--verbose")
	python.Stdin = suite
	said := output(t, python)
	if strings.Contains(said, "skipped") {
		t.Errorf("something was skipped:\n%s", said)
	}
}

func TestJupyterConsoleRunsCells(t *testing.T) {
	console := client(t, t.TempDir(), "jupyter-console", "--kernel", "paperlab", "--simple-prompt")
	console.Stdin = strings.NewReader("double := func(x int) int { return 2 * x }\ndouble(21)\n\"hello, \" + Input(\"name? \")\nworld\nunknown\nexit\n")
	said := output(t, console)
	for _, want := range []string{"Out[2]: 42", "name? ", "Out[3]: hello, world", "undefined: unknown"} {
		if !strings.Contains(said, want) {
			t.Errorf("the console shows no %q:\n%s", want, said)
		}
	}
}

// greeting is a notebook in a folder of its own.
func greeting(t *testing.T) (dir string) {
	dir = t.TempDir()
	write(t, filepath.Join(dir, "greeting.ipynb"), `import "fmt"`, `name := "world"`, `fmt.Println("hello,", name)`, `display.HTML("<b>bye</b>")`)
	return dir
}

// checkGreeting looks for the outputs of greeting.
func checkGreeting(t *testing.T, nb *nbformat.Notebook) {
	t.Helper()
	if printed := nb.Cells[2].Outputs; len(printed) != 1 || printed[0].Name != "stdout" || printed[0].Text != "hello, world\n" {
		t.Errorf("printed %+v", printed)
	}
	if result := nb.Cells[3].Outputs; len(result) != 1 || result[0].Type != nbformat.ExecuteResult || result[0].Data["text/html"] != "<b>bye</b>" {
		t.Errorf("the result is %+v", result)
	}
}

func TestNbconvertExecutesANotebook(t *testing.T) {
	dir := greeting(t)
	output(t, client(t, dir, "jupyter-nbconvert", "--execute", "--to", "notebook", "--output", "run.ipynb", "greeting.ipynb"))
	checkGreeting(t, read(t, filepath.Join(dir, "run.ipynb")))
}

func TestNbconvertStopsAtACellThatFailsAndShowsItsLine(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "fails.ipynb"), "x := []int{1}", "i := 3\nx[i]", `"never"`)
	convert := client(t, dir, "jupyter-nbconvert", "--execute", "--to", "notebook", "--inplace", "fails.ipynb")
	said, err := convert.CombinedOutput()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"index out of range [3] with length 1", "In[2]:2"} {
		if !strings.Contains(string(said), want) {
			t.Errorf("nbconvert does not say %q:\n%s", want, said)
		}
	}
}

func TestPapermillRunsANotebook(t *testing.T) {
	dir := greeting(t)
	output(t, client(t, dir, "papermill", "--no-progress-bar", "greeting.ipynb", "run.ipynb"))
	checkGreeting(t, read(t, filepath.Join(dir, "run.ipynb")))
}

// papermill has no translator of parameters for Go, and stops; `paperlab nb run -p` sets them.
func TestPapermillSaysThatItCannotWriteParametersInGo(t *testing.T) {
	said, err := client(t, greeting(t), "papermill", "--no-progress-bar", "-p", "name", "moon", "greeting.ipynb", "run.ipynb").CombinedOutput()
	if err == nil || !strings.Contains(string(said), "No parameter translator functions specified for kernel 'paperlab' or language 'go'") {
		t.Errorf("%v: %s", err, said)
	}
}

func TestTheKernelIsListedUnderBothNames(t *testing.T) {
	var names []string
	for _, line := range strings.Split(output(t, client(t, t.TempDir(), "jupyter-kernelspec", "list")), "\n") {
		if fields := strings.Fields(line); len(fields) == 2 && strings.HasPrefix(fields[1], prefix) {
			names = append(names, fields[0])
		}
	}
	if slices.Sort(names); !slices.Equal(names, []string{"gophernotes", "paperlab"}) {
		t.Errorf("%v", names)
	}
}
