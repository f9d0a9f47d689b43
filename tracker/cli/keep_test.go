package cli_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func TestADatabaseIsCopiedAndTheCopyChecked(t *testing.T) {
	inNewFolder(t)
	id := strings.TrimSpace(must(t, "runs", "new", "--name", "kept"))
	must(t, "log", "--run", id, "--step", "1", "loss=1")
	if out := must(t, "runs", "backup", "copy.db"); out != "copy.db\n" {
		t.Errorf("got %q", out)
	}
	if _, _, err := paperlab(t, "runs", "backup", "copy.db"); !errors.Is(err, tracker.ErrExists) {
		t.Errorf("over a file: got %v", err)
	}
	if out := must(t, "runs", "check", "--db", "copy.db"); out != "nothing is wrong\n" {
		t.Errorf("got %q", out)
	}
	if out := must(t, "runs", "check", "--json"); out != "" {
		t.Errorf("got %q", out)
	}
	if run := object(t, must(t, "runs", "show", "kept", "--json", "--db", "copy.db")); run["id"] != id {
		t.Errorf("got %v", run)
	}
}

func TestDamageIsFoundAndFailsTheCheck(t *testing.T) {
	inNewFolder(t)
	id := strings.TrimSpace(must(t, "runs", "new"))
	store, err := runs.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.SaveArtifact(t.Context(), id, "weights", time.Now(), strings.NewReader("weights"))
	if err := errors.Join(err, store.Close(), os.RemoveAll("paperlab.db.artifacts")); err != nil {
		t.Fatal(err)
	}
	stdout, _, err := paperlab(t, "runs", "check", "--json")
	if !errors.Is(err, tracker.ErrCorrupt) || stdout == "" {
		t.Errorf("got %q, %v", stdout, err)
	}
	for line := range strings.Lines(stdout) {
		if object(t, line)["problem"] == "" {
			t.Errorf("got %q", line)
		}
	}
}

func TestTheBinIsEmptied(t *testing.T) {
	inNewFolder(t)
	must(t, "runs", "new", "--name", "kept")
	gone := strings.TrimSpace(must(t, "runs", "new", "--name", "gone"))
	must(t, "log", "--run", gone, "--step", "1", "loss=1", "lr=2")
	store, err := runs.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.UpdateRun(t.Context(), gone, func(r *tracker.Run) error { r.Deleted = time.Now(); return nil })
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	var collected struct{ Runs, Points int }
	for _, c := range []struct {
		args         []string
		runs, points int
	}{{[]string{"--older-than", "1h"}, 0, 0}, {nil, 1, 2}, {nil, 0, 0}} {
		out := must(t, append([]string{"runs", "gc", "--json"}, c.args...)...)
		if err := json.Unmarshal([]byte(out), &collected); err != nil || collected.Runs != c.runs || collected.Points != c.points {
			t.Errorf("gc %v: got %s", c.args, out)
		}
	}
	if _, _, err := paperlab(t, "runs", "show", gone); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	must(t, "runs", "show", "kept")
}
