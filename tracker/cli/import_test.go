package cli_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/cli"
)

func TestAnExportIsImportedIntoAnotherDatabase(t *testing.T) {
	inNewFolder(t)
	id := logged(t)
	must(t, "runs", "export", id, "-o", "a.jsonl")
	first := object(t, must(t, "runs", "import", "a.jsonl", "--db", "other.db", "--json"))
	if first["id"] != id || first["new"] != true || first["points"] != 2.0 {
		t.Errorf("printed %v", first)
	}
	again := object(t, must(t, "runs", "import", "a.jsonl", "--db", "other.db", "--json"))
	if again["new"] != false || again["points"] != 0.0 {
		t.Errorf("printed %v", again)
	}
	if here, there := must(t, "runs", "show", id, "--json"), must(t, "runs", "show", id, "--json", "--db", "other.db"); here != there {
		t.Errorf("got\n%s\nwant\n%s", there, here)
	}
}

func TestADatabaseIsImportedIntoAnother(t *testing.T) {
	inNewFolder(t)
	id := logged(t)
	gone := strings.TrimSpace(must(t, "runs", "new", "--name", "gone", "--project", "old"))
	must(t, "runs", "rm", gone, "--force")
	for _, points := range []float64{2, 0} {
		for _, line := range strings.Split(strings.TrimSpace(must(t, "runs", "import", "paperlab.db", "--db", "other.db", "--json")), "\n") {
			if run := object(t, line); run["id"] == id && run["points"] != points || run["new"] != (points > 0) {
				t.Errorf("printed %v, want %v points", run, points)
			}
		}
	}
	if here, there := must(t, "runs", "show", id, "--json"), must(t, "runs", "show", id, "--json", "--db", "other.db"); here != there {
		t.Errorf("got\n%s\nwant\n%s", there, here)
	}
	must(t, "runs", "restore", gone, "--db", "other.db")
}

func TestEventFilesAreImported(t *testing.T) {
	inNewFolder(t)
	must(t, "runs", "export", logged(t), "--format", "tfevents", "-o", filepath.Join("logs", "first"))
	out := must(t, "runs", "import", "logs", "--project", "papers", "--db", "other.db")
	if !strings.Contains(out, "first: 2 points") {
		t.Errorf("printed %q", out)
	}
	run := object(t, must(t, "runs", "show", "first", "--db", "other.db", "--json"))
	if run["project"] != "papers" || run["status"] != "finished" || run["metrics"].(map[string]any)["train/loss"] == nil {
		t.Errorf("got %v", run)
	}
}

func TestWhatCannotBeImportedIsSaid(t *testing.T) {
	inNewFolder(t)
	id := logged(t)
	must(t, "runs", "export", id, "-o", "a.csv")
	must(t, "runs", "export", id, "--format", "tfevents", "-o", "logs")
	files, err := filepath.Glob("logs/*")
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Mkdir("empty", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"a.csv", "empty", files[0]} {
		_, _, err := paperlab(t, "runs", "import", path, "--db", "other.db")
		var hinted interface{ Hint() string }
		if !errors.Is(err, tracker.ErrInvalid) || !errors.As(err, &hinted) || hinted.Hint() == "" || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v", path, err)
		}
	}
	if _, _, err := paperlab(t, "runs", "import", "missing", "--db", "other.db"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	for _, args := range [][]string{
		{"runs", "import"}, {"runs", "import", "logs", "empty", "--follow"}, {"runs", "import", "paperlab.db", "--follow", "--db", "other.db"},
	} {
		_, _, err := paperlab(t, args...)
		var misuse interface{ Usage() bool }
		if !errors.As(err, &misuse) || !misuse.Usage() {
			t.Errorf("%v: got %v", args, err)
		}
	}
}

// untilPrinted cancels a command when it has printed something.
type untilPrinted struct {
	bytes.Buffer
	cancel context.CancelFunc
}

func (u *untilPrinted) Write(p []byte) (int, error) {
	u.cancel()
	return u.Buffer.Write(p)
}

func TestFollowingEndsWithTheContextAndEndsTheRuns(t *testing.T) {
	inNewFolder(t)
	must(t, "runs", "export", logged(t), "--format", "tfevents", "-o", "logs")
	ctx, cancel := context.WithCancel(t.Context())
	root := &cobra.Command{Use: "paperlab", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(cli.Commands()...)
	out := &untilPrinted{cancel: cancel}
	root.SetOut(out)
	root.SetErr(io.Discard)
	root.SetArgs([]string{"runs", "import", "logs", "--follow", "--db", "other.db"})
	if err := root.ExecuteContext(ctx); err != nil || !strings.Contains(out.String(), "logs: 2 points") {
		t.Errorf("printed %q, %v", out.String(), err)
	}
	if run := object(t, must(t, "runs", "show", "logs", "--db", "other.db", "--json")); run["status"] != "finished" {
		t.Errorf("got %v", run)
	}
}
