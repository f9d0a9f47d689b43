package runs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"paperlab/tracker/runs"
)

func TestCapture(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	store := open(t)
	folder := t.TempDir()
	t.Chdir(folder)
	r := get(t, store, start(t, store, runs.Options{}).ID()).Run
	if r.Source.Commit != "" || r.Source.Diff != "" {
		t.Errorf("outside a repository: got %+v", r.Source)
	}
	if r.Source.Dir != folder || !strings.Contains(r.Source.Command, "test") || r.Machine.CPU == "" ||
		r.Machine.Env["go"] != runtime.Version() {
		t.Errorf("got %+v, %+v", r.Source, r.Machine)
	}

	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, "train.go"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git := func(args ...string) string {
		t.Helper()
		command := exec.CommandContext(t.Context(), "git", args...)
		command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null",
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
		output, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, output)
		}
		return strings.TrimSpace(string(output))
	}
	write("package main\n")
	git("init", "--quiet")
	git("add", ".")
	git("commit", "--quiet", "-m", "first")
	commit := git("rev-parse", "HEAD")
	if r := get(t, store, start(t, store, runs.Options{}).ID()).Run; r.Source.Commit != commit || r.Source.Diff != "" {
		t.Errorf("a clean tree: got %+v", r.Source)
	}
	write("package main // caf\xe9\n")
	if r := get(t, store, start(t, store, runs.Options{}).ID()).Run; !strings.Contains(r.Source.Diff, "+package main // caf\uFFFD\n") {
		t.Errorf("a changed tree: got %+v", r.Source)
	}
	write(strings.Repeat("long\n", 1<<18))
	if r := get(t, store, start(t, store, runs.Options{}).ID()).Run; !strings.Contains(r.Source.Diff, "cut here") || len(r.Source.Diff) > 2<<20 {
		t.Errorf("a long diff: got %d bytes", len(r.Source.Diff))
	}
}
