package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/cli"
)

// paperlab runs a command line in the current folder and returns what it printed.
func paperlab(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	root := &cobra.Command{Use: "paperlab", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(cli.Commands()...)
	var out, errs bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&errs)
	root.SetArgs(args)
	err = root.ExecuteContext(t.Context())
	return out.String(), errs.String(), err
}

func must(t *testing.T, args ...string) string {
	t.Helper()
	stdout, stderr, err := paperlab(t, args...)
	if err != nil || stderr != "" {
		t.Fatalf("paperlab %v: %v\n%s", args, err, stderr)
	}
	return stdout
}

// inNewFolder makes a folder without a database current.
func inNewFolder(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	t.Setenv("PAPERLAB_DB", "")
}

func object(t *testing.T, line string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(line), &v); err != nil {
		t.Fatalf("%v in %q", err, line)
	}
	return v
}

func TestAShellScriptLogsARun(t *testing.T) {
	inNewFolder(t)
	id := strings.TrimSpace(must(t, "runs", "new", "--name", "shell", "--project", "search", "--param", "lr=5e-5",
		"--param", "epochs=3", "--param", "debug=false", "--param", "model=a=b", "--tag", "best=yes"))
	if !regexp.MustCompile(`^[0-9a-z]{26}$`).MatchString(id) {
		t.Fatalf("got ID %q", id)
	}
	if out := must(t, "log", "--run", id, "--step", "1", "train/loss=2.5", "eval/loss=NaN", "a=b=Inf"); out != "" {
		t.Errorf("log printed %q", out)
	}
	if out := must(t, "log", "--run", strings.ToUpper(id), "--step", "2", "--json", "train/loss=-Infinity"); out != `{"id":"`+id+`","step":2,"points":1}`+"\n" {
		t.Errorf("log printed %q", out)
	}
	if out := must(t, "runs", "finish", id); out != "" {
		t.Errorf("finish printed %q", out)
	}

	run := object(t, must(t, "runs", "show", id, "--json"))
	if run["id"] != id || run["name"] != "shell" || run["project"] != "search" || run["status"] != "finished" || run["ended"] == nil {
		t.Errorf("got %v", run)
	}
	params, _ := json.Marshal(run["params"])
	if string(params) != `{"debug":false,"epochs":3,"lr":0.00005,"model":"a=b"}` {
		t.Errorf("parameters: %s", params)
	}
	metrics, _ := json.Marshal(run["metrics"])
	if want := `{"a=b":{"count":1,"last":"Infinity","max":"Infinity","min":"Infinity","step":1},` +
		`"eval/loss":{"count":1,"last":"NaN","max":"NaN","min":"NaN","step":1},` +
		`"train/loss":{"count":2,"last":"-Infinity","max":2.5,"min":"-Infinity","step":2}}`; string(metrics) != want {
		t.Errorf("metrics: %s", metrics)
	}

	text := must(t, "runs", "show", "shell")
	for _, want := range []string{"name", "shell", "finished", "params.lr", "5e-05", "tags.best", "last -Inf at step 2, min -Inf, max 2.5, 2 points"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestListPrintsOneObjectALine(t *testing.T) {
	inNewFolder(t)
	first := object(t, must(t, "runs", "new", "--name", "first", "--json"))
	second := object(t, must(t, "runs", "new", "--name", "second", "--project", "search", "--json"))
	lines := strings.Split(strings.TrimSpace(must(t, "runs", "ls", "--json")), "\n")
	if len(lines) != 2 || object(t, lines[0])["id"] != second["id"] || object(t, lines[1])["id"] != first["id"] {
		t.Errorf("got %q", lines)
	}
	if table := must(t, "runs", "ls", "--project", "search"); !strings.Contains(table, "second") || strings.Contains(table, "first") {
		t.Errorf("got\n%s", table)
	}
}

func TestListingNothingMakesNothing(t *testing.T) {
	inNewFolder(t)
	stdout, stderr, err := paperlab(t, "runs", "ls", "--json")
	if stdout != "" || !strings.Contains(stderr, "no runs yet") || err != nil {
		t.Errorf("got %q, %q, %v", stdout, stderr, err)
	}
	if files, err := filepath.Glob("*"); err != nil || len(files) != 0 {
		t.Errorf("got %v, %v", files, err)
	}
}

func TestFinish(t *testing.T) {
	inNewFolder(t)
	id := strings.TrimSpace(must(t, "runs", "new"))
	if run := object(t, must(t, "runs", "finish", id, "--status", "killed", "--json")); run["status"] != "killed" {
		t.Errorf("got %v", run)
	}
	if _, _, err := paperlab(t, "runs", "finish", id); !errors.Is(err, tracker.ErrEnded) {
		t.Errorf("got %v", err)
	}
}

func TestDatabaseIsChosenByFlagAndEnvironment(t *testing.T) {
	inNewFolder(t)
	must(t, "runs", "new", "--db", "flag.db")
	t.Setenv("PAPERLAB_DB", "environment.db")
	must(t, "runs", "new")
	for _, path := range []string{"flag.db", "environment.db"} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

func TestMisuseIsMarked(t *testing.T) {
	inNewFolder(t)
	id := strings.TrimSpace(must(t, "runs", "new"))
	for _, args := range [][]string{
		{"runs"}, {"runs", "nonsense"}, {"runs", "ls", "x"}, {"runs", "show"}, {"runs", "show", id, id},
		{"runs", "new", "--param", "lr"}, {"runs", "new", "--tag", "=x"},
		{"runs", "finish", id, "--status", "running"}, {"runs", "finish", id, "--status", "done"},
		{"log"}, {"log", "a=1"}, {"log", "a=1", "--run", id}, {"log", "a=1", "--step", "1"},
		{"log", "--run", id, "--step", "1"}, {"log", "--run", id, "--step", "1", "a"},
		{"log", "--run", id, "--step", "1", "=1"}, {"log", "--run", id, "--step", "1", "a=high"},
	} {
		_, _, err := paperlab(t, args...)
		var misuse interface{ Usage() bool }
		if !errors.As(err, &misuse) || !misuse.Usage() {
			t.Errorf("%v: got %v", args, err)
		}
	}
}

func TestFailureIsNoMisuseAndHasAHint(t *testing.T) {
	inNewFolder(t)
	must(t, "runs", "new")
	for _, args := range [][]string{
		{"runs", "show", "nonsense"}, {"runs", "finish", "01k0z6v8mhk2t6gq6v0wz3n5tb"},
		{"log", "--run", "01k0z6v8mhk2t6gq6v0wz3n5tb", "--step", "1", "a=1"}, {"runs", "show", "x", "--db", "none.db"},
	} {
		stdout, _, err := paperlab(t, args...)
		var misuse interface{ Usage() bool }
		var hinted interface{ Hint() string }
		if !errors.Is(err, tracker.ErrNotFound) || errors.As(err, &misuse) || !errors.As(err, &hinted) || hinted.Hint() == "" || stdout != "" {
			t.Errorf("%v: got %q, %v", args, stdout, err)
		}
	}
}

func TestEveryVerbHasAnExample(t *testing.T) {
	var check func(*cobra.Command)
	check = func(cmd *cobra.Command) {
		if cmd.Example == "" || cmd.Short == "" {
			t.Errorf("%s lacks help", cmd.CommandPath())
		}
		for _, sub := range cmd.Commands() {
			check(sub)
		}
	}
	for _, cmd := range cli.Commands() {
		check(cmd)
	}
}
