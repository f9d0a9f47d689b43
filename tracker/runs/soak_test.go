package runs_test

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paperlab/tracker/runs"
)

// TestManyProcessesStayAsSmallAsTheyWere lets eight processes log to one database as fast as they can. With PAPERLAB_SOAK that goes on
// for five minutes (PAPERLAB_SOAK_TIME: another duration), and their memory and descriptors in the end must be within 5 % of those
// after a minute of it; without, it goes on for a moment, which shows that they work.
func TestManyProcessesStayAsSmallAsTheyWere(t *testing.T) {
	const processes, tolerance = 8, 0.05
	length, soak := 2*time.Second, os.Getenv("PAPERLAB_SOAK") != ""
	if soak {
		length = 5 * time.Minute
		if text := os.Getenv("PAPERLAB_SOAK_TIME"); text != "" {
			var err error
			if length, err = time.ParseDuration(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	inOwnFolder(t)
	path := filepath.Join(t.TempDir(), "paperlab.db")
	openAt(t, path)
	var all []*exec.Cmd
	calls := make(chan int)
	for range processes {
		program := process(t, "load", path)
		output, err := program.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := program.Start(); err != nil {
			t.Fatal(err)
		}
		all = append(all, program)
		lines := bufio.NewScanner(output)
		if !lines.Scan() {
			t.Fatalf("a program ended by itself: %v", program.Wait())
		}
		go func() { calls <- count(lines) }()
	}
	// Means of several looks, for memory goes up and down by itself.
	early := look(t, all, length/10, length/5)
	late := look(t, all, length/2, length/5)
	total := 0
	for _, program := range all {
		if err := program.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		total += <-calls
		if err := program.Wait(); err == nil || strings.HasPrefix(err.Error(), "exit status") {
			t.Errorf("a program ended by itself: %v", err)
		}
	}
	t.Logf("%d processes, %v: %d calls, %.0f a second; %v, in the end %v", processes, length, total, float64(total)/length.Seconds(), early, late)
	if soak && (math.Abs(late.megabytes/early.megabytes-1) > tolerance || math.Abs(late.descriptors/early.descriptors-1) > tolerance) {
		t.Errorf("%v became %v", early, late)
	}
	store, err := runs.OpenExisting(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if wrong, err := store.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("check: %v, %v", wrong, err)
	}
}

// count counts what a program says that it has done.
func count(lines *bufio.Scanner) (n int) {
	for lines.Scan() {
		n++
	}
	return n
}

// size is what processes take together.
type size struct{ megabytes, descriptors float64 }

func (s size) String() string {
	return fmt.Sprintf("%.1f MB resident, %.1f descriptors", s.megabytes, s.descriptors)
}

// look waits, and returns the mean of ten looks at processes, which take the time after it.
func look(t *testing.T, all []*exec.Cmd, wait, during time.Duration) (mean size) {
	t.Helper()
	time.Sleep(wait) // the load is the test, not what is waited for
	const looks = 10
	for range looks {
		time.Sleep(during / looks)
		for _, program := range all {
			var pages, resident float64
			statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", program.Process.Pid))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fmt.Sscan(string(statm), &pages, &resident); err != nil {
				t.Fatal(err)
			}
			descriptors, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", program.Process.Pid))
			if err != nil {
				t.Fatal(err)
			}
			mean.megabytes += resident * float64(os.Getpagesize()) / (1 << 20) / looks
			mean.descriptors += float64(len(descriptors)) / looks
		}
	}
	return mean
}
