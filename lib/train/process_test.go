package train_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"paperlab/lib/train"
)

// kills is how many processes are killed: a few, or with PAPERLAB_SOAK a hundred; -count repeats that at other moments.
func kills() int {
	if os.Getenv("PAPERLAB_SOAK") != "" {
		return 100
	}
	return 6
}

const outputVariable = "TRAIN_TEST_OUTPUT"

// TestATrainingSurvivesBeingKilled kills a training without warning, again and again, at moments that nobody chose: each time the
// next process must find a checkpoint that is whole, and the end must be that of a training that ran through.
func TestATrainingSurvivesBeingKilled(t *testing.T) {
	if output := os.Getenv(outputVariable); output != "" {
		trainUntilKilled(t, output)
		return
	}
	straight, m := task(t)
	if _, err := train.Fit(t.Context(), straight, forty(t.TempDir())); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint(m.values(t))
	for left := kills(); left > 0; {
		output := t.TempDir()
		for ended := false; !ended && left > 0; left-- {
			ended = killSometime(t, output)
		}
		last, again := task(t)
		cfg := forty(output)
		cfg.Resume = resumable(t, output)
		if _, err := train.Fit(t.Context(), last, cfg); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(again.values(t)); got != want {
			t.Errorf("weights after the kills\n%s, straight\n%s", got, want)
		}
	}
}

// resumable is what Config.Resume has to be: a training killed before its first checkpoint starts anew.
func resumable(tb testing.TB, output string) string {
	tb.Helper()
	dirs, err := train.Checkpoints(output)
	if err != nil {
		tb.Fatal(err)
	}
	if len(dirs) == 0 {
		return ""
	}
	return train.Latest
}

// killSometime starts the training in a process of its own and kills it a moment after one of the first lines of its output. It says
// whether the training ended before that.
func killSometime(t *testing.T, output string) (ended bool) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestATrainingSurvivesBeingKilled$")
	child.Env = append(os.Environ(), outputVariable+"="+output)
	child.Stderr = os.Stderr
	pipe, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(pipe)
	for range 1 + rand.IntN(12) {
		if !scanner.Scan() {
			break
		}
	}
	// A step takes about 1 ms, a checkpoint 5: the moment is within either.
	time.Sleep(time.Duration(rand.IntN(5000)) * time.Microsecond)
	if err := child.Process.Kill(); err != nil {
		t.Log("kill:", err)
	}
	if _, err := io.Copy(io.Discard, pipe); err != nil {
		t.Log("output:", err)
	}
	return child.Wait() == nil
}

// trainUntilKilled prints a line at each event.
func trainUntilKilled(t *testing.T, output string) {
	work, _ := task(t)
	cfg := forty(output)
	cfg.Resume = resumable(t, output)
	_, err := train.Fit(t.Context(), work, cfg, func(_ context.Context, e train.Event) error {
		_, err := fmt.Printf("%T\n", e)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
