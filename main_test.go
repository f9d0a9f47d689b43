package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// paperlab is the light executable, built by TestMain with the native one beside it, or empty.
var paperlab string

func TestMain(m *testing.M) {
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (int, error) {
	if os.Getenv("CGO_CXXFLAGS") == "" {
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "paperlab-test-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	paperlab = filepath.Join(dir, "paperlab")
	for _, args := range [][]string{{"build", "-o", paperlab, "."}, {"build", "-tags", "native", "-o", paperlab + "-native", "."}} {
		if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
			return 0, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	return m.Run(), nil
}

// command returns a call of the command in a folder, without a database but the folder's own.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	if paperlab == "" {
		t.Skip("NOTHING WAS TESTED: CGO_CXXFLAGS is not set, so the native executable cannot be built; run make test, or in make shell")
	}
	cmd := exec.Command(paperlab, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PAPERLAB_DB=")
	return cmd
}

// run calls the command, which has to do its work, and returns what it printed.
func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := command(t, dir, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("paperlab %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// newModel makes a small model and papers for it.
func newModel(t *testing.T, dir string) {
	t.Helper()
	run(t, dir, "init", "t5-test", "tiny", "--vocabulary", "300")
	var papers strings.Builder
	for i := range 12 {
		fmt.Fprintf(&papers, `{"article":"Paper %d is about light. Light bends near the sun.","abstract":"Light number %d."}`+"\n", i, i)
	}
	if err := os.WriteFile(filepath.Join(dir, "papers.jsonl"), []byte(papers.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// training is a training of two steps an epoch.
func training(more ...string) []string {
	return append([]string{"train", "summarize", "--model", "tiny", "--data", "papers.jsonl", "--train", "8", "--validation", "2", "--test", "2",
		"--accumulation", "1", "--log-every", "1", "--rouge-samples", "0"}, more...)
}

// recordedRun is a run as runs ls prints it.
type recordedRun struct {
	Name, Status string
	Session      int
	Metrics      map[string]struct{ Count, Step int }
}

func recorded(t *testing.T, dir string) (runs []recordedRun) {
	t.Helper()
	for line := range strings.Lines(run(t, dir, "runs", "ls", "--json")) {
		var r recordedRun
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, r)
	}
	return runs
}

func TestAStoppedTrainingKeepsACheckpointFromWhichTheSameRunGoesOn(t *testing.T) {
	for what, how := range map[string]os.Signal{"Ctrl-C": os.Interrupt, "a closed terminal": syscall.SIGHUP} {
		t.Run(what, func(t *testing.T) { testStopped(t, how) })
	}
}

func testStopped(t *testing.T, how os.Signal) {
	// What this process catches, a program that it starts has as it is by default, even where nohup has it ignored.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, how)
	defer signal.Stop(caught)
	dir := t.TempDir()
	newModel(t, dir)
	cmd := command(t, dir, training("--epochs", "1000000", "--save-limit", "2")...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		fmt.Fprintln(&said, lines.Text())
		if strings.Contains(lines.Text(), "epoch 1:") {
			if err := cmd.Process.Signal(how); err != nil {
				t.Fatal(err)
			}
		}
	}
	err = cmd.Wait()
	var exited *exec.ExitError
	if !errors.As(err, &exited) || exited.ExitCode() != 1 {
		t.Fatalf("%v, want exit 1:\n%s", err, said.String())
	}
	message := regexp.MustCompile(`stopped after step (\d+) .*--resume (\S+) `).FindStringSubmatch(said.String())
	if message == nil {
		t.Fatalf("it does not say how to go on:\n%s", said.String())
	}
	if runs := recorded(t, dir); len(runs) != 1 || runs[0].Status != "killed" || runs[0].Session != 1 {
		t.Errorf("recorded %+v", runs)
	}

	var step int
	fmt.Sscan(message[1], &step)
	run(t, dir, training("--resume", message[2], "--max-steps", fmt.Sprint(step+3))...)
	runs := recorded(t, dir)
	if len(runs) != 1 || runs[0].Name != "summarize" || runs[0].Status != "finished" || runs[0].Session != 2 {
		t.Fatalf("recorded %+v", runs)
	}
	if loss := runs[0].Metrics["train/loss"]; loss.Step != step+3 || loss.Count != step+3 {
		t.Errorf("the loss has %+v, want each of %d steps once", loss, step+3)
	}
}

func TestATrainingThatCannotStartLeavesNoRun(t *testing.T) {
	dir := t.TempDir()
	newModel(t, dir)
	cmd := command(t, dir, training("--resume", "latest")...)
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "no whole checkpoint") {
		t.Errorf("%v: %s", err, out)
	}
	if runs := recorded(t, dir); len(runs) != 0 {
		t.Errorf("recorded %+v", runs)
	}
}

func TestARunIsDrawnByItsName(t *testing.T) {
	dir := t.TempDir()
	newModel(t, dir)
	run(t, dir, training("--max-steps", "4", "--name", "small")...)
	run(t, dir, "plot", "small", "-o", "loss.svg")
	drawn, err := os.ReadFile(filepath.Join(dir, "loss.svg"))
	if err != nil || !bytes.Contains(drawn, []byte("<svg")) {
		t.Errorf("%.80q, %v", drawn, err)
	}
}

func TestTheLightExecutableHandsOverTheHelpToo(t *testing.T) {
	if help := run(t, t.TempDir(), "train", "search", "--help"); !strings.Contains(help, "MultipleNegativesRankingLoss") {
		t.Errorf("%s", help)
	}
}

func TestDoctorFindsTheLibraries(t *testing.T) {
	out := run(t, t.TempDir(), "doctor", "--json")
	for _, part := range []string{`"part":"libtorch","status":"ok"`, `"part":"FAISS","status":"ok"`, `"part":"SQLite","status":"ok"`} {
		if !strings.Contains(out, part) {
			t.Errorf("%s is not in %s", part, out)
		}
	}
}

func TestAReaderThatGoesAwayEndsTheCommandQuietly(t *testing.T) {
	dir := t.TempDir()
	newModel(t, dir)
	cmd := command(t, dir, "tokenize", "--model", "tiny")
	cmd.Stdin = strings.NewReader(strings.Repeat("light bends\n", 100_000))
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	stdout.Close()
	err = cmd.Wait()
	var exited *exec.ExitError
	if !errors.As(err, &exited) || exited.Sys().(syscall.WaitStatus).Signal() != syscall.SIGPIPE || stderr.Len() > 0 {
		t.Errorf("%v, want the signal of a broken pipe and no word: %s", err, stderr.String())
	}
}
