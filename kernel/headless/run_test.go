package headless_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

// runAndRead runs a notebook and reads what was saved.
func runAndRead(t *testing.T, ctx context.Context, nb *nbformat.Notebook, o headless.Options) (*nbformat.Notebook, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "nb.ipynb")
	err := headless.Run(ctx, nb, path, &script{}, o)
	saved, readErr := nbformat.Read(path)
	if readErr != nil {
		t.Fatal(readErr)
	}
	return saved, err
}

func TestOutputsLandAsAFrontEndWouldPutThem(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"text of one stream is merged":              {"out a\nout b\nerr c\nerr d\nout e", "stdout \"a\\nb\\n\"\nstderr \"c\\nd\\n\"\nstdout \"e\\n\"\n"},
		"carriage returns stay":                     {`part 1%\r` + "\n" + `part 2%\r`, "stdout \"1%\\r2%\\r\"\n"},
		"a display parts the text around it":        {"out a\nshow x pic\nout b", "stdout \"a\\n\"\ndisplay_data \"pic\"\nstdout \"b\\n\"\n"},
		"an update reaches all with its ID":         {"show x 1\nshow y 1\nshow x 1\nupdate x 2", "display_data \"2\"\ndisplay_data \"1\"\ndisplay_data \"2\"\n"},
		"an update of nothing shows nothing":        {"update x 2\nout a", "stdout \"a\\n\"\n"},
		"clearing takes all away":                   {"out a\nshow x 1\nclear\nout b", "stdout \"b\\n\"\n"},
		"clearing that waits, waits for an output":  {"out a\nclear wait\nout b\nout c", "stdout \"b\\nc\\n\"\n"},
		"clearing that waits in vain does nothing":  {"out a\nclear wait", "stdout \"a\\n\"\n"},
		"an update is no output to clear for":       {"show x 1\nclear wait\nupdate x 2", "display_data \"2\"\n"},
		"a cleared display is not updated":          {"show x 1\nclear\nupdate x 2\nout a", "stdout \"a\\n\"\n"},
		"the value of the last expression is shown": {"out a\nvalue 42", "stdout \"a\\n\"\nexecute_result \"42\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			nb, err := runAndRead(t, t.Context(), notebook(c.source), options())
			if got := outputs(t, nb.Cells[0]); err != nil || got != c.want {
				t.Errorf("%v: saved\n%swant\n%s", err, got, c.want)
			}
		})
	}
}

func TestADisplayIsUpdatedFromALaterCell(t *testing.T) {
	nb, err := runAndRead(t, t.Context(), notebook("show x 1", "update x 2"), options())
	if got := outputs(t, nb.Cells[0]); err != nil || got != "display_data \"2\"\n" {
		t.Errorf("%v: %s", err, got)
	}
}

func TestTheNotebookSaysWhatWasRunAndWhen(t *testing.T) {
	nb := notebook("value 1", "  \n", "#tag skip-execution\nout skipped", "out last")
	nb.Minor = 4
	stale := 7
	for i := range nb.Cells {
		nb.Cells[i].ID, nb.Cells[i].ExecutionCount = "", &stale
		nb.Cells[i].Outputs = []nbformat.Output{{Type: nbformat.Stream, Name: "stdout", Text: "old"}}
	}
	nb, err := runAndRead(t, t.Context(), nb, options())
	if err != nil {
		t.Fatal(err)
	}
	if nb.Minor != 5 || nb.Cells[0].ID == "" {
		t.Errorf("it is of format 4.%d, with the ID %q", nb.Minor, nb.Cells[0].ID)
	}
	first, last := nb.Cells[0], nb.Cells[3]
	if *first.ExecutionCount != 1 || *first.Outputs[0].ExecutionCount != 1 || *last.ExecutionCount != 2 {
		t.Errorf("counted %d, %d, %d", *first.ExecutionCount, *first.Outputs[0].ExecutionCount, *last.ExecutionCount)
	}
	want := map[string]any{
		"iopub.status.busy": "2026-01-02T12:00:03.000000Z", "iopub.execute_input": "2026-01-02T12:00:03.000000Z",
		"shell.execute_reply": "2026-01-02T12:00:04.000000Z", "iopub.status.idle": "2026-01-02T12:00:04.000000Z",
	}
	if got := last.Metadata["execution"]; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("times %v, want %v", got, want)
	}
	for _, i := range []int{1, 2} {
		if cell := nb.Cells[i]; cell.ExecutionCount != nil || len(cell.Outputs) > 0 || cell.Metadata["execution"] != nil {
			t.Errorf("cell %d, which is not run, has %+v", i+1, cell)
		}
	}
	if info := nb.Metadata["language_info"].(map[string]any); info["name"] != "go" || info["file_extension"] != ".go" {
		t.Errorf("language_info %v", info)
	}
}

func TestAFailedCellEndsTheRun(t *testing.T) {
	sources := []string{"out a", "\n  fail too bad \nout never", "out b"}
	nb, err := runAndRead(t, t.Context(), notebook(sources...), options())
	var failed *headless.CellError
	if !errors.As(err, &failed) || failed.Cell != 2 || failed.Count != 2 {
		t.Fatalf("got %#v", err)
	}
	if want := `cell 2, In[2] "fail too bad": panic: too bad`; err.Error() != want {
		t.Errorf("said %q, want %q", err, want)
	}
	if got := outputs(t, nb.Cells[1]); got != "error panic: too bad\n" {
		t.Errorf("saved %s", got)
	}
	if nb.Cells[2].ExecutionCount != nil {
		t.Error("the next cell was run")
	}
}

func TestACellMayFail(t *testing.T) {
	t.Run("by its tag", func(t *testing.T) {
		nb, err := runAndRead(t, t.Context(), notebook("#tag raises-exception\nfail x", "out b"), options())
		if err != nil || outputs(t, nb.Cells[0]) != "error panic: x\n" || outputs(t, nb.Cells[1]) != "stdout \"b\\n\"\n" {
			t.Errorf("%v %+v", err, nb.Cells)
		}
	})
	t.Run("if all may", func(t *testing.T) {
		o := options()
		o.AllowErrors = true
		nb, err := runAndRead(t, t.Context(), notebook("break engine is gone", "out b"), o)
		if err != nil || outputs(t, nb.Cells[0]) != "error Error: engine is gone\n" || nb.Cells[1].ExecutionCount == nil {
			t.Errorf("%v %+v", err, nb.Cells)
		}
	})
}

func TestACellThatRunsTooLongIsInterrupted(t *testing.T) {
	o := options()
	o.Timeout = time.Millisecond
	nb, err := runAndRead(t, t.Context(), notebook("out a\nhang", "out b"), o)
	var timeout *headless.TimeoutError
	if !errors.As(err, &timeout) || timeout.Limit != time.Millisecond {
		t.Fatalf("got %v", err)
	}
	want := "stdout \"a\\n\"\nerror TimeoutError: the cell was interrupted: it ran longer than 1ms\n"
	if got := outputs(t, nb.Cells[0]); got != want {
		t.Errorf("saved %swant %s", got, want)
	}
}

func TestAnInterruptSavesWhatThereIs(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	path := filepath.Join(t.TempDir(), "nb.ipynb")
	o := options()
	o.AllowErrors = true
	err := headless.Run(ctx, notebook("out a", "hang", "out b"), path, &script{onStart: cancel}, o)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	nb, err := nbformat.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := outputs(t, nb.Cells[0]); got != "stdout \"a\\n\"\n" {
		t.Errorf("saved %s", got)
	}
}

func TestWhatACellLeavesRunningGoesOn(t *testing.T) {
	kernel := &script{late: make(chan func(), 1)}
	kernel.onStart = func() {
		if len(kernel.ran) == 2 {
			(<-kernel.late)()
		}
	}
	path := filepath.Join(t.TempDir(), "nb.ipynb")
	if err := headless.Run(t.Context(), notebook("out a\nlater b", "out c"), path, kernel, options()); err != nil {
		t.Fatal(err)
	}
	nb, err := nbformat.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := outputs(t, nb.Cells[0]); got != "stdout \"a\\nb\\n\"\n" {
		t.Errorf("the first cell has %s", got)
	}
}

func TestANotebookOfAnotherLanguageIsRefused(t *testing.T) {
	for name, metadata := range map[string]map[string]any{
		"by its kernel":   {"kernelspec": map[string]any{"name": "python3", "display_name": "Python 3", "language": "python"}},
		"by its language": {"language_info": map[string]any{"name": "python"}},
	} {
		t.Run(name, func(t *testing.T) {
			nb, path := notebook("out a"), filepath.Join(t.TempDir(), "nb.ipynb")
			nb.Metadata = metadata
			err := headless.Run(t.Context(), nb, path, &script{}, options())
			if err == nil || !strings.Contains(err.Error(), "language is python, not Go") {
				t.Errorf("got %v", err)
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("it was saved")
			}
		})
	}
}

func TestAFileThatCannotBeWrittenIsSaidBeforeAnythingRuns(t *testing.T) {
	kernel := &script{}
	err := headless.Run(t.Context(), notebook("out a"), filepath.Join(t.TempDir(), "absent", "nb.ipynb"), kernel, options())
	if err == nil || len(kernel.ran) > 0 {
		t.Errorf("%v, and %d cells were run", err, len(kernel.ran))
	}
}

func TestEventsComeInOrder(t *testing.T) {
	var events []string
	o := options()
	o.Observe = func(e headless.Event) { events = append(events, strings.TrimPrefix(fmt.Sprintf("%T", e), "headless.")) }
	if _, err := runAndRead(t, t.Context(), notebook("out a\nshow x 1\nupdate x 2\nclear wait\nvalue 3"), o); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(events, " "); got != "CellStarted OutputAdded OutputAdded OutputUpdated OutputsCleared OutputAdded CellEnded" {
		t.Error(got)
	}
}

func TestACellIsAnnouncedUnderItsHeading(t *testing.T) {
	var headings []string
	o := options()
	o.Observe = func(e headless.Event) {
		if e, ok := e.(headless.CellStarted); ok {
			headings = append(headings, e.Heading)
		}
	}
	nb := notebook("", "out a", "out b", "", "out c")
	nb.Cells[0] = nbformat.Cell{ID: "t1", Type: nbformat.Markdown, Source: "# Title\n\n## 1. *Data*\n\n```sh\n# no heading\n```\n#nor this"}
	nb.Cells[3] = nbformat.Cell{ID: "t2", Type: nbformat.Markdown, Source: "no heading"}
	if _, err := runAndRead(t, t.Context(), nb, o); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(headings, "|"); got != "1. *Data*||" {
		t.Error(got)
	}
}

func TestAnErrorOfManyLinesIsNamedByItsFirst(t *testing.T) {
	err := &headless.CellError{Cell: 2, Count: 1, Line: "x", Err: errors.New("a\nb\nc")}
	if want := `cell 2, In[1] "x": a, and 2 lines more`; err.Error() != want {
		t.Errorf("said %q", err)
	}
}

func TestWhatAnInterruptedCellHasToFinishIsWaitedFor(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	path := filepath.Join(t.TempDir(), "nb.ipynb")
	o := options()
	o.Patience = time.Minute
	var told time.Duration
	o.Observe = func(e headless.Event) {
		if e, ok := e.(headless.CellLingers); ok {
			told = e.Limit
		}
	}
	err := headless.Run(ctx, notebook("linger"), path, &script{onStart: cancel}, o)
	if !errors.Is(err, context.Canceled) || told != time.Minute {
		t.Errorf("%v, told %v", err, told)
	}
	nb, err := nbformat.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := outputs(t, nb.Cells[0]); got != "stdout \"saved\\n\"\nerror Interrupted: interrupted\n" {
		t.Errorf("saved %s", got)
	}
}
