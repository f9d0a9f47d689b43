package headless_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

// inChild names, in the environment of a child process, the notebook that it is to run again and again.
const inChild = "PAPERLAB_TEST_RUN_FOREVER"

func TestMain(m *testing.M) {
	if path := os.Getenv(inChild); path != "" {
		fmt.Println(runForever(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func runForever(path string) error {
	for {
		var sources []string
		for i := range 20 {
			sources = append(sources, strings.Repeat(fmt.Sprintf("out cell %d\n", i), 200))
		}
		o := options()
		o.Observe = func(e headless.Event) {
			if _, ok := e.(headless.CellEnded); ok {
				fmt.Println("cell")
			}
		}
		if err := headless.Run(context.Background(), notebook(sources...), path, &script{}, o); err != nil {
			return err
		}
	}
}

// TestAKillWhileSavingLeavesAWholeNotebook kills a process that does nothing but run and save.
func TestAKillWhileSavingLeavesAWholeNotebook(t *testing.T) {
	kills := 10
	if os.Getenv("PAPERLAB_SOAK") != "" {
		kills = 300
	}
	path := filepath.Join(t.TempDir(), "nb.ipynb")
	for kill := range kills {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), inChild+"="+path)
		stdout, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(stdout)
		for range 1 + kill%7 { // each time at another cell; where in its saving is left to chance
			if !lines.Scan() {
				t.Fatal("the child ended by itself")
			}
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // killed
		nb, err := nbformat.Read(path)
		if err != nil || len(nb.Cells) != 20 {
			t.Fatalf("kill %d: %v", kill+1, err)
		}
	}
}

// TestAFullDiskEndsTheRunAndLeavesTheNotebookAsItWasSavedLast lets a file grow only so far, as a full disk does.
func TestAFullDiskEndsTheRunAndLeavesTheNotebookAsItWasSavedLast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nb.ipynb")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, "bash", "-c", `ulimit -f 130 && exec "$0"`, os.Args[0]) // KiB: more than the notebook needs, less than with its outputs
	child.Env = append(os.Environ(), inChild+"="+path)
	said, err := child.Output()
	if err == nil || !strings.Contains(string(said), path) || !strings.Contains(string(said), "file too large") {
		t.Errorf("%v: the run says %q", err, said)
	}
	nb, err := nbformat.Read(path)
	if err != nil || len(nb.Cells) != 20 || len(nb.Cells[0].Outputs) != 1 || len(nb.Cells[19].Outputs) != 0 {
		t.Errorf("%v: the notebook is not as it was after the last cell that could be saved", err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(left) != 1 {
		t.Errorf("beside the notebook there are %v, %v", left, err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); err != nil || len(left) != 0 {
		t.Errorf("a temporary file is left: %v, %v", left, err)
	}
}
