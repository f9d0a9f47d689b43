package cli_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/cli"
	"paperlab/tracker/runs"
)

// tail starts runs tail and returns its lines, and a function that waits for its end.
func tail(t *testing.T, args ...string) (lines *bufio.Scanner, wait func() error) {
	t.Helper()
	root := &cobra.Command{Use: "paperlab", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(cli.Commands()...)
	root.SetArgs(append([]string{"runs", "tail"}, args...))
	read, write := io.Pipe()
	root.SetOut(write)
	ended := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	go func() {
		err := root.ExecuteContext(ctx)
		write.CloseWithError(err)
		ended <- err
	}()
	return bufio.NewScanner(read), func() error { return <-ended }
}

func TestTailFollowsARunToItsEnd(t *testing.T) {
	inNewFolder(t)
	store, err := runs.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	run, err := runs.Create(t.Context(), store, runs.Options{Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	log := func(step int64, value float64) {
		t.Helper()
		if err := run.Log(t.Context(), step, map[string]float64{"train/loss": value, "train/lr": 0.5}); err != nil {
			t.Fatal(err)
		}
	}
	log(1, 4)
	lines, wait := tail(t, "a", "--json", "-n", "-1")
	next := func() map[string]any {
		t.Helper()
		if !lines.Scan() {
			t.Fatalf("no more lines: %v", lines.Err())
		}
		return object(t, lines.Text())
	}
	if first, second := next(), next(); first["key"] != "train/loss" || first["step"] != 1.0 || first["value"] != 4.0 || second["key"] != "train/lr" {
		t.Errorf("got %v, %v", first, second)
	}
	log(0, 5) // a step before the last
	if late := next(); late["step"] != 0.0 || late["value"] != 5.0 {
		t.Errorf("got %v", late)
	}
	next()
	if err := run.Text(t.Context(), "eval/summary", 2, "A paper."); err != nil {
		t.Fatal(err)
	}
	if text := next(); text["type"] != "text" || text["text"] != "A paper." || text["step"] != 2.0 {
		t.Errorf("got %v", text)
	}
	if err := store.AddConsole(t.Context(), run.ID(), []tracker.Console{{Time: time.Now(), Session: 1, Stream: "stdout", Text: "10 %\r20 %\n"}}); err != nil {
		t.Fatal(err)
	}
	if piece := next(); piece["type"] != "console" || piece["text"] != "10 %\r20 %\n" || piece["stream"] != "stdout" {
		t.Errorf("got %v", piece)
	}
	if err := run.Finish(t.Context(), tracker.Finished); err != nil {
		t.Fatal(err)
	}
	if end := next(); end["type"] != "end" || end["status"] != "finished" {
		t.Errorf("got %v", end)
	}
	if lines.Scan() || wait() != nil {
		t.Errorf("after the end: %s", lines.Text())
	}

	if run := object(t, must(t, "runs", "show", "a", "--json")); fmt.Sprint(run["texts"]) != "map[eval/summary:1]" || run["tables"] != nil {
		t.Errorf("got %v, %v", run["texts"], run["tables"])
	}
	if shown := must(t, "runs", "show", "a"); !strings.Contains(shown, "eval/summary (1)") {
		t.Errorf("got %s", shown)
	}
	text := must(t, "runs", "tail", "a", "-n", "-1")
	for _, want := range []string{"step 1  train/loss=4  train/lr=0.5\n", "step 0  train/loss=5  train/lr=0.5\n", "step 2  eval/summary:\nA paper.\n", "\n20 %\n", "\nfinished after "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if text := must(t, "runs", "tail", "a", "-n", "1"); !strings.HasPrefix(text, "20 %\nfinished after ") {
		t.Errorf("got %q", text)
	}
}
