package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestARankThatIsKilledComesBack trains with two processes, of which one is killed after the first evaluation.
func TestARankThatIsKilledComesBack(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, "init", "t5-tiny", "tiny", "--seed", "1")
	cmd := command(t, dir, "launch", "-n", "2", "--max-restarts", "1", "--", "train", "summarize", "--model", "tiny", "--train", "32", "--validation", "4",
		"--test", "0", "--rouge-samples", "0", "--eval-examples", "0", "--epochs", "30", "--batch-size", "4", "--accumulation", "2", "--log-every", "2", "--name", "ranks")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		fmt.Fprintln(&said, lines.Text())
		if strings.Contains(lines.Text(), "epoch 2:") { // the checkpoint of the first is there
			kill(t, cmd.Process.Pid, 1)
			break
		}
	}
	for lines.Scan() {
		fmt.Fprintln(&said, lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	if n := strings.Count(said.String(), "launch: rank 1 of 2 was ended from outside: signal: killed after "); n != 1 || strings.Contains(said.String(), "paperlab:") {
		t.Errorf("the end of rank 1 is told %d times:\n%s", n, said.String())
	}
	if n := strings.Count(said.String(), "epoch 1:"); n != 1 || !strings.Contains(said.String(), "epoch 30:") {
		t.Errorf("it did not go on from a checkpoint:\n%s", said.String())
	}
	shown := run(t, dir, "runs", "show", "ranks")
	for _, want := range []string{"finished", "params.backend", "system/process_memory_mb{rank=1}", "system/process_memory_mb "} {
		if !strings.Contains(shown, want) {
			t.Errorf("the run does not show %q:\n%s", want, shown)
		}
	}
	var runs int
	for line := range strings.Lines(run(t, dir, "runs", "ls", "--json")) {
		if json.Valid([]byte(line)) {
			runs++
		}
	}
	if runs != 1 {
		t.Errorf("%d runs, want one that went on", runs)
	}
}

// kill kills the rank of a launcher.
func kill(t *testing.T, launcher, rank int) {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", launcher))
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		children, err := os.ReadFile(task)
		if errors.Is(err, os.ErrNotExist) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		for _, child := range strings.Fields(string(children)) {
			environment, err := os.ReadFile("/proc/" + child + "/environ")
			if err != nil || !bytes.Contains(environment, []byte("\x00RANK="+strconv.Itoa(rank)+"\x00")) {
				continue
			}
			pid, err := strconv.Atoi(child)
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("the launcher has no rank %d", rank)
}
