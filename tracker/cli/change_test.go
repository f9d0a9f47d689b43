package cli_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/cli"
)

func TestTagsAndNotesAreChanged(t *testing.T) {
	inNewFolder(t)
	must(t, "runs", "new", "--name", "a", "--tag", "old=1")
	run := object(t, must(t, "runs", "tag", "a", "best=yes", "x=a=b", "--remove", "old", "--json"))
	if tags, ok := run["tags"].(map[string]any); !ok || len(tags) != 2 || tags["best"] != "yes" || tags["x"] != "a=b" {
		t.Errorf("got %v", run["tags"])
	}
	must(t, "runs", "note", "a", "first thought")
	if run := object(t, must(t, "runs", "show", "a", "--json")); run["notes"] != "first thought" {
		t.Errorf("got %v", run["notes"])
	}
	root := &cobra.Command{Use: "paperlab"}
	root.AddCommand(cli.Commands()...)
	root.SetArgs([]string{"runs", "note", "a", "-"})
	root.SetIn(strings.NewReader("second\nthought\n"))
	root.SetOut(&bytes.Buffer{})
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if run := object(t, must(t, "runs", "show", "a", "--json")); run["notes"] != "second\nthought" {
		t.Errorf("got %v", run["notes"])
	}
	for _, args := range [][]string{{"runs", "tag", "a"}, {"runs", "tag", "a", "x"}, {"runs", "note", "a"}} {
		var misuse interface{ Usage() bool }
		if _, _, err := paperlab(t, args...); !errors.As(err, &misuse) {
			t.Errorf("%q: got %v", args, err)
		}
	}
	if _, _, err := paperlab(t, "runs", "tag", "a", "x\n=1"); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestRemovedRunsAreGoneUntilTheyAreRestored(t *testing.T) {
	ids := sweep(t)
	if out := must(t, "runs", "rm", "a", "b"); out != "deleted "+ids["a"]+"\ndeleted "+ids["b"]+"\n" {
		t.Errorf("got %q", out)
	}
	names := func(args ...string) string {
		return strings.ReplaceAll(must(t, append([]string{"runs", "ls", "--json", "--columns", "name", "--sort", "name"}, args...)...), "\n", "")
	}
	if names() != `{"name":"c"}` || names("--deleted") != `{"name":"a"}{"name":"b"}` {
		t.Errorf("left: %s, in the bin: %s", names(), names("--deleted"))
	}
	if _, _, err := paperlab(t, "runs", "show", "a"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("a deleted run is found by its name: %v", err)
	}
	if run := object(t, must(t, "runs", "show", ids["a"], "--json")); run["deleted"] == nil {
		t.Errorf("got %v", run)
	}
	if run := object(t, must(t, "runs", "restore", "a", "--json")); run["id"] != ids["a"] || run["deleted"] != nil {
		t.Errorf("got %v", run)
	}
	if names() != `{"name":"a"}{"name":"c"}` {
		t.Errorf("left: %s", names())
	}
	if _, _, err := paperlab(t, "runs", "restore", "a"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("restored what was not deleted: %v", err)
	}
}

func TestARunningRunIsRemovedByForceOnly(t *testing.T) {
	inNewFolder(t)
	id := strings.TrimSpace(must(t, "runs", "new"))
	var hinted interface{ Hint() string }
	if _, _, err := paperlab(t, "runs", "rm", id); !errors.Is(err, tracker.ErrRunning) || !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), "--force") {
		t.Errorf("got %v", err)
	}
	must(t, "runs", "rm", id, "--force")
	if out := must(t, "runs", "ls", "--json"); out != "" {
		t.Errorf("got %s", out)
	}
}
