package cli_test

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// logged makes a run with two points and ends it.
func logged(t *testing.T) (id string) {
	t.Helper()
	id = strings.TrimSpace(must(t, "runs", "new", "--name", "shell", "--param", "lr=5e-5"))
	must(t, "log", "--run", id, "--step", "1", "train/loss=2.5")
	must(t, "log", "--run", id, "--step", "2", "train/loss=NaN")
	must(t, "runs", "finish", id)
	return id
}

func TestRunsAreExportedInEachFormat(t *testing.T) {
	inNewFolder(t)
	id := logged(t)
	for format, path := range map[string]string{"csv": "a.csv", "jsonl": "a.jsonl", "parquet": "a.parquet", "tfevents": "logs"} {
		for _, args := range [][]string{{"runs", "export", id, "--format", format, "-o", path}, {"runs", "export", "shell", "-o", path, "--format", format, "--json"}} {
			out := must(t, args...)
			if !strings.Contains(out, path) || !strings.Contains(out, "2") {
				t.Errorf("%v printed %q", args, out)
			}
		}
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	if out := object(t, must(t, "runs", "export", id, "-o", "b.csv", "--json")); out["format"] != "csv" || out["points"] != 2.0 {
		t.Errorf("printed %v", out)
	}
}

func TestAnExportThatIsMisusedWritesNothing(t *testing.T) {
	inNewFolder(t)
	id := logged(t)
	for _, args := range [][]string{
		{"runs", "export", id}, {"runs", "export", "-o", "x.csv"}, {"runs", "export", id, "-o", "x.doc"}, {"runs", "export", id, "-o", "x", "--format", "pdf"},
	} {
		_, _, err := paperlab(t, args...)
		var misuse interface{ Usage() bool }
		if !errors.As(err, &misuse) || !misuse.Usage() {
			t.Errorf("%v: got %v", args, err)
		}
	}
	for _, path := range []string{"x", "x.csv", "x.doc"} {
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
