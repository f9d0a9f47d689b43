package runs_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/sqlite"
)

// talk plays a training with a progress bar.
func talk(ctx context.Context, path string, _ []string) error {
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer store.Close()
	fmt.Println("before")
	err = runs.Do(ctx, store, runs.Options{Name: "talks", Console: true}, func(_ context.Context, run *runs.Run) error {
		fmt.Println("reading é")
		for i := range 100 {
			fmt.Fprintf(os.Stderr, "\rtraining %3d%%", i+1)
		}
		fmt.Fprintln(os.Stderr)
		os.Stdout.Write([]byte("cut \xc3"))
		os.Stdout.Write([]byte("\xa9\nlast \xc3"))
		return nil
	})
	fmt.Println("after")
	return err
}

func TestWhatAProcessPrintsIsKeptWithItsRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paperlab.db")
	program := process(t, "talk", path)
	var stdout, stderr bytes.Buffer
	program.Stdout, program.Stderr = &stdout, &stderr
	if err := program.Run(); err != nil {
		t.Fatal(err)
	}
	if stdout.String() != "before\nreading é\ncut é\nlast \xc3after\n" || !strings.HasSuffix(stderr.String(), "\rtraining 100%\n") {
		t.Errorf("printed %q %q", stdout.String(), stderr.String())
	}
	store := openAt(t, path)
	id, err := runs.Find(t.Context(), store, "talks")
	if err != nil {
		t.Fatal(err)
	}
	chunks, _, err := store.Console(t.Context(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string][]tracker.Console{}
	for _, c := range chunks {
		of[c.Stream] = append(of[c.Stream], c)
	}
	if got, want := tracker.Screen(of["stdout"]), []string{"reading é", "cut é", "last \uFFFD"}; !slices.Equal(got, want) {
		t.Errorf("stdout: %q, want %q", got, want)
	}
	if got := tracker.Screen(of["stderr"]); len(got) == 0 || got[0] != "training 100%" {
		t.Errorf("stderr: %q", got)
	}
}
