package interp_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"paperlab/kernel/interp"
	back "paperlab/kernel/interp/exec"
	_ "paperlab/kernel/interp/symbols/bindings" // what cells import
)

// goTestEnv makes the test binary a worker that runs programs of Go's own tests, whose paths it reads, as cells.
const goTestEnv = "PAPERLAB_GOTEST_WORKER"

// goTestTime is what one program may take.
const goTestTime = 2 * time.Minute

// goTestPrograms is how many programs a worker runs: they leave goroutines and garbage, which make collections slow, and
// some programs ask for many.
const goTestPrograms = 20

// verdict is what a worker says of a program.
type verdict struct {
	Program string
	Problem string // empty if it did as compiled Go does
	Took    time.Duration
}

// TestGoPrograms runs the single-file programs of $GOROOT/test that are only to be run, each as one cell with its main
// called from the next, and compares what they print. Those in testdata/gotest.txt may fail, for the reason given there,
// and are run only if PAPERLAB_GOTEST, a regular expression, asks for them.
func TestGoPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("Go's own programs take minutes; run without -short")
	}
	root := goTests(t)
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no %s: install Go from its source archive, whose test folder holds the programs (%v)", root, err)
	}
	programs, known := goPrograms(t, root), knownFailures(t)
	all := len(programs)
	if only := os.Getenv("PAPERLAB_GOTEST"); only != "" {
		pattern := regexp.MustCompile(only)
		programs, known = slices.DeleteFunc(programs, func(p string) bool { return !pattern.MatchString(p) }), nil
		all = len(programs)
	}
	t.Setenv("STDLIB_IMPORTCFG", importConfig(t))
	programs = slices.DeleteFunc(programs, func(p string) bool { return known[relative(root, p)] != "" })
	passed := 0
	for v := range runPrograms(t, programs) {
		if v.Took > goTestTime/10 {
			t.Logf("%s takes %v", relative(root, v.Program), v.Took.Round(time.Second))
		}
		if v.Problem == "" {
			passed++
		} else {
			t.Errorf("%s: %s", relative(root, v.Program), v.Problem)
		}
	}
	t.Logf("%d of %d programs pass", passed, all)
	if passed*100 < all*97 {
		t.Error("less than 97 %")
	}
}

// importConfig writes the file by which the programs that run the compiler find the standard library, as Go's own runner
// of these tests does.
func importConfig(t *testing.T) string {
	list := exec.Command("go", "list", "-deps", "-export", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}", "fmt", "testing")
	out, err := list.Output()
	if err != nil {
		t.Skipf("some programs need the go command: install Go and put it in the PATH (%v)", err)
	}
	file := filepath.Join(t.TempDir(), "importcfg")
	if err := os.WriteFile(file, out, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func relative(root, path string) string {
	name, err := filepath.Rel(root, path)
	if err != nil {
		return path
	}
	return name
}

// goPrograms are the programs whose first line says to run them.
func goPrograms(t *testing.T, root string) []string {
	var out []string
	for _, folder := range []string{".", "typeparam", "chan", "ken", "interface", "fixedbugs", "abi"} {
		files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(strings.Split(string(source[:min(len(source), 2000)]), "\n"), "// run") {
				out = append(out, file)
			}
		}
	}
	return out
}

// knownFailures reads the list of programs that may fail, one a line with the reason behind it.
func knownFailures(t *testing.T) map[string]string {
	data, err := os.ReadFile("testdata/gotest.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for line := range strings.Lines(string(data)) {
		program, reason, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && !strings.HasPrefix(program, "#") {
			known[program] = strings.TrimSpace(reason)
		}
	}
	return known
}

// runPrograms spreads the programs over workers, one a core.
func runPrograms(t *testing.T, programs []string) <-chan verdict {
	jobs, verdicts := make(chan string), make(chan verdict)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			var w *goWorker
			for program := range jobs {
				if w == nil {
					w = startWorker(t)
				}
				v, alive := w.run(program)
				verdicts <- v
				if w.programs++; !alive || w.programs == goTestPrograms {
					w.stop()
					w = nil
				}
			}
			if w != nil {
				w.stop()
			}
		})
	}
	go func() {
		for _, p := range programs {
			jobs <- p
		}
		close(jobs)
		workers.Wait()
		close(verdicts)
	}()
	return verdicts
}

// goTests is the folder of Go's own tests.
func goTests(t *testing.T) string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatalf("go env GOROOT: %v", err)
	}
	return filepath.Join(strings.TrimSpace(string(root)), "test")
}

// goWorker is a process that runs one program after the other.
type goWorker struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Scanner
	results  chan verdict
	stderr   bytes.Buffer
	programs int
}

func startWorker(t *testing.T) *goWorker {
	w := &goWorker{cmd: exec.Command(os.Args[0], "-test.run=^TestGoProgramsWorker$"), results: make(chan verdict)}
	w.cmd.Env = append(os.Environ(), goTestEnv+"=1")
	w.cmd.Dir = goTests(t)
	w.cmd.Stderr = &w.stderr
	var err error
	if w.in, err = w.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.out = bufio.NewScanner(out)
	w.out.Buffer(nil, 1<<24)
	go func() {
		defer close(w.results)
		for w.out.Scan() {
			var v verdict
			if text, ok := strings.CutPrefix(w.out.Text(), goTestEnv); ok && json.Unmarshal([]byte(text), &v) == nil {
				w.results <- v
			}
		}
	}()
	return w
}

// run gives the worker a program. A worker that does not answer is not alive.
func (w *goWorker) run(program string) (v verdict, alive bool) {
	fmt.Fprintln(w.in, program)
	timer := time.NewTimer(2 * goTestTime)
	defer timer.Stop()
	select {
	case v, ok := <-w.results:
		if ok {
			return v, true
		}
		_ = w.cmd.Wait()
		return verdict{Program: program, Problem: "ends the process: " + shortened(w.stderr.String())}, false
	case <-timer.C:
		return verdict{Program: program, Problem: "hangs"}, false
	}
}

func (w *goWorker) stop() {
	_ = w.cmd.Process.Kill()
	for range w.results {
	}
	_ = w.cmd.Wait()
}

// TestGoProgramsWorker is the worker; by itself it does nothing.
func TestGoProgramsWorker(t *testing.T) {
	if os.Getenv(goTestEnv) == "" {
		t.Skip("part of TestGoPrograms")
	}
	answers := os.Stdout
	os.Args = os.Args[:1]
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	programs := bufio.NewScanner(os.Stdin)
	for programs.Scan() {
		// a program may have changed these
		if err := os.Chdir(home); err != nil {
			t.Fatal(err)
		}
		debug.SetMaxStack(1 << 30)
		debug.SetGCPercent(200)
		start := time.Now()
		v := verdict{Program: programs.Text(), Problem: runProgram(programs.Text())}
		v.Took = time.Since(start)
		text, _ := json.Marshal(v)
		fmt.Fprintf(answers, "\n%s%s\n", goTestEnv, text)
	}
	os.Exit(0) // what programs left running is nobody's concern
}

// runProgram runs a program as cells and says how that differs from running it compiled.
func runProgram(path string) string {
	source, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	in, err := interp.New()
	if err != nil {
		return err.Error()
	}
	ctx, cancel := context.WithTimeout(context.Background(), goTestTime)
	defer cancel()
	var out locked
	// some programs look for their own file in their stack
	first := "//line " + path + ":1\n" + string(source)
	for i, cell := range []string{first, "main()"} {
		_, err := in.Run(ctx, interp.Cell{Number: i + 1, Source: cell}, interp.IO{Stdout: &out, Stderr: &out})
		var exit *back.Exit
		if errors.As(err, &exit) && exit.Code == 0 {
			break
		}
		if err != nil {
			return fmt.Sprintf("cell %d: %v; printed: %s", i+1, err, shortened(out.String()))
		}
	}
	want, err := os.ReadFile(strings.TrimSuffix(path, ".go") + ".out")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err.Error()
	}
	if got := out.String(); got != string(want) {
		return fmt.Sprintf("prints %s instead of %s", shortened(got), shortened(string(want)))
	}
	return ""
}

func shortened(text string) string {
	if len(text) > 300 {
		text = text[:300] + "…"
	}
	return fmt.Sprintf("%q", text)
}
