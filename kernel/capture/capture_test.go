package capture_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"paperlab/kernel/capture"
	"paperlab/kernel/capture/internal/stdio"
)

// shown is what a notebook would show.
type shown struct {
	mu   sync.Mutex
	text map[string]*bytes.Buffer
}

func newShown() *shown {
	return &shown{text: map[string]*bytes.Buffer{capture.Stdout: {}, capture.Stderr: {}}}
}

func (s *shown) emit(name string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text[name].Write(data)
}

func (s *shown) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text[capture.Stdout].String() + "|" + s.text[capture.Stderr].String()
}

// during captures what do writes, up to the Flush behind it.
func during(t *testing.T, do func()) string {
	t.Helper()
	s := newShown()
	c, err := capture.Start(s.emit)
	if err != nil {
		t.Fatal(err)
	}
	do()
	c.Flush()
	text := s.String()
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestWhatIsWrittenToTheDescriptorsIsCaptured(t *testing.T) {
	for name, c := range map[string]struct {
		write func()
		want  string
	}{
		"by Go to standard output": {func() { fmt.Println("out") }, "out\n|"},
		"by Go to standard error":  {func() { fmt.Fprint(os.Stderr, "err") }, "|err"},
		"by Go's own print":        {func() { print("low") }, "|low"},
		"by C, without a newline":  {func() { stdio.Print("from C") }, "from C|"},
		"by a child process": {func() {
			child := exec.Command("sh", "-c", "echo child; echo complaint >&2")
			child.Stdout, child.Stderr = os.Stdout, os.Stderr
			if err := child.Run(); err != nil {
				t.Error(err)
			}
		}, "child\n|complaint\n"},
		"by nobody": {func() {}, "|"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := during(t, c.write); got != c.want {
				t.Errorf("captured %q, want %q", got, c.want)
			}
		})
	}
}

func TestMoreThanAPipeHoldsIsCapturedWhole(t *testing.T) {
	const lines, line = 100_000, "a line of output that fills the pipe\n"
	got := during(t, func() {
		var writers sync.WaitGroup
		for range 4 {
			writers.Go(func() {
				for range lines / 4 {
					fmt.Print(line)
				}
			})
		}
		writers.Wait()
	})
	if want := strings.Repeat(line, lines) + "|"; got != want {
		t.Errorf("captured %d bytes, want %d", len(got), len(want))
	}
}

func TestWhatIsWrittenIsEmittedWithoutAFlush(t *testing.T) {
	came := make(chan string, 1)
	c, err := capture.Start(func(_ string, data []byte) { came <- string(data) })
	if err != nil {
		t.Fatal(err)
	}
	fmt.Print("live")
	got := <-came
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if got != "live" {
		t.Errorf("got %q", got)
	}
}

func TestTheDescriptorsAreGivenBack(t *testing.T) {
	before, err := os.Stat("/proc/self/fd/1")
	if err != nil {
		t.Skip("NOTHING WAS TESTED: this needs Linux's /proc:", err)
	}
	during(t, func() {})
	after, err := os.Stat("/proc/self/fd/1")
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("standard output is another file: %v", err)
	}
}

// A crash must not vanish in a pipe that nobody reads any more.
func TestACrashReachesTheRealStandardError(t *testing.T) {
	if os.Getenv("CAPTURE_TEST_CRASH") != "" {
		if _, err := capture.Start(func(string, []byte) {}); err != nil {
			t.Fatal(err)
		}
		go func() { panic("the end") }()
		select {}
	}
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), "CAPTURE_TEST_CRASH=1")
	var stderr bytes.Buffer
	child.Stderr = &stderr
	if err := child.Run(); err == nil || !strings.Contains(stderr.String(), "panic: the end") {
		t.Errorf("%v: %s", err, stderr.String())
	}
}
