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

	"paperlab/lib/train"
)

// kills is how many processes are killed; -count repeats that at other moments.
const kills = 6

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
	output := t.TempDir()
	for i := range kills {
		if killAfter(t, output, 1+rand.IntN(12)) {
			t.Logf("the training came to its end after %d kills", i)
			break
		}
	}
	last, again := task(t)
	cfg := forty(output)
	cfg.Resume = resumable(t, output)
	if _, err := train.Fit(t.Context(), last, cfg); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(again.values(t)), fmt.Sprint(m.values(t)); got != want {
		t.Errorf("weights after the kills\n%s, straight\n%s", got, want)
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

// killAfter starts the training in a process of its own and kills it after so many lines of its output. It says whether the training
// ended before that.
func killAfter(t *testing.T, output string, lines int) bool {
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
	for range lines {
		if !scanner.Scan() {
			break
		}
	}
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
