package cli_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"paperlab/tracker"
)

// sweep logs three finished runs: a and b of one learning rate, c of another.
func sweep(t *testing.T) (ids map[string]string) {
	t.Helper()
	inNewFolder(t)
	ids = map[string]string{}
	for _, run := range [][3]string{{"a", "0.1", "3"}, {"b", "0.1", "2"}, {"c", "0.2", "NaN"}} {
		id := strings.TrimSpace(must(t, "runs", "new", "--name", run[0], "--param", "lr="+run[1], "--param", "model=t5"))
		must(t, "log", "--run", id, "--step", "1", "eval/loss="+run[2], "train/loss=1")
		must(t, "runs", "finish", id)
		ids[run[0]] = id
	}
	return ids
}

func TestRunsAreListedByAQuery(t *testing.T) {
	sweep(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--filter", `params.lr == 0.1`, "--columns", "name"}, `{"name":"b"} {"name":"a"}`},
		{[]string{"--sort", `last("eval/loss")`, "--columns", `name, last("eval/loss") as loss, params.x`}, `{"loss":2,"name":"b","params.x":null} {"loss":3,"name":"a","params.x":null} {"loss":"NaN","name":"c","params.x":null}`},
		{[]string{"--limit", "1", "--columns", "name"}, `{"name":"c"}`},
		{[]string{"--group", "params.lr as lr", "--sort", "params.lr", "--columns", `last("eval/loss") as loss, name, params.model`},
			`{"loss":{"count":2,"mean":2.5,"std":0.7071067811865476,"min":2,"max":3},"lr":0.1,"name":"2 values","params.model":"t5","runs":2} {"loss":"NaN","lr":0.2,"name":"c","params.model":"t5","runs":1}`},
		{[]string{"--project", "none"}, ``}, {[]string{"--deleted"}, ``},
	} {
		out := must(t, append([]string{"runs", "ls", "--json"}, c.args...)...)
		if got := strings.Join(strings.Split(strings.TrimSpace(out), "\n"), " "); got != c.want {
			t.Errorf("%q:\ngot  %s\nwant %s", c.args, got, c.want)
		}
	}
	table := must(t, "runs", "ls", "--sort", `-params.lr, name`, "--group", "params.lr", "--columns", `last("eval/loss")`)
	if lines := strings.Split(table, "\n"); len(lines) < 5 || !strings.Contains(lines[3], "0.2") || !strings.Contains(lines[4], "2.5 ± 0.71") {
		t.Errorf("got\n%s", table)
	}
}

func TestAWrongQueryIsPointedAt(t *testing.T) {
	sweep(t)
	stdout, stderr, err := paperlab(t, "runs", "ls", "--filter", `params.lr < 1 && statsu == "finished"`)
	var misuse interface{ Usage() bool }
	var hinted interface{ Hint() string }
	if stdout != "" || !errors.As(err, &misuse) || !errors.As(err, &hinted) || hinted.Hint() != "did you mean status?" ||
		err.Error() != "filter: column 18: there is no field statsu" ||
		stderr != "params.lr < 1 && statsu == \"finished\"\n                 ^\n" {
		t.Errorf("got %q, %q, %v", stdout, stderr, err)
	}
}

func TestAMisspeltNameThatFindsNothingIsTold(t *testing.T) {
	sweep(t)
	for _, args := range [][]string{{"--json"}, {"--columns", "name"}, {"--json", "--columns", "name"}} {
		_, stderr, err := paperlab(t, append([]string{"runs", "ls", "--filter", `params.lrr < 1`}, args...)...)
		if err != nil || stderr != "no run has params.lrr: did you mean params.lr?\n" {
			t.Errorf("%q: got %q, %v", args, stderr, err)
		}
	}
}

func TestRunsAreCompared(t *testing.T) {
	ids := sweep(t)
	out := must(t, "runs", "compare", "a", "latest", "--metrics", "eval/loss", "--json", "-o", "loss.svg")
	for _, want := range []string{
		`{"name":"id","values":["` + ids["a"] + `","` + ids["c"] + `"]}`, `{"name":"params.lr","values":[0.1,0.2]}`, `{"name":"last eval/loss","values":[3,"NaN"]}`,
	} {
		if !strings.Contains(out, want+"\n") {
			t.Errorf("%s is missing in\n%s", want, out)
		}
	}
	if strings.Contains(out, "model") || strings.Contains(out, "train/loss") {
		t.Errorf("more than was asked for:\n%s", out)
	}
	if svg, err := os.ReadFile("loss.svg"); err != nil || !strings.Contains(string(svg), ">eval/loss<") {
		t.Errorf("the figure: %v", err)
	}
	if out := must(t, "runs", "compare", "a", "best(eval/loss)", "-o", "losses.png"); !strings.Contains(out, "min train/loss") {
		t.Errorf("got\n%s", out)
	}
	if _, err := os.Stat("losses.png"); err != nil {
		t.Error(err)
	}
	for _, args := range [][]string{{"runs", "compare", "a"}, {"runs", "compare", "a", "b", "-o", "x.png", "--metrics", "eval/loss,train/loss"}} {
		var misuse interface{ Usage() bool }
		if _, _, err := paperlab(t, args...); !errors.As(err, &misuse) {
			t.Errorf("%q: got %v", args, err)
		}
	}
	if _, _, err := paperlab(t, "runs", "compare", "a", "b", "--metrics", "rouge"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestWhatMadeRunsDifferIsShown(t *testing.T) {
	sweep(t)
	if out := must(t, "runs", "diff", "a", "c"); !strings.Contains(out, "--- a/params\n+++ c/params\n") || !strings.Contains(out, "-lr = 0.1\n+lr = 0.2\n") {
		t.Errorf("got\n%s", out)
	}
	if out := must(t, "runs", "diff", "a", "c", "--json"); object(t, out)["part"] != "params" {
		t.Errorf("got %s", out)
	}
	if out := must(t, "runs", "diff", "a", "b"); out != "" {
		t.Errorf("two runs of the same origin differ:\n%s", out)
	}
}

func TestRunsAreDrawnAcrossTheirColumns(t *testing.T) {
	sweep(t)
	must(t, "runs", "ls", "--columns", `params.lr, params.model, last("eval/loss") as loss`, "-o", "sweep.svg")
	if svg, err := os.ReadFile("sweep.svg"); err != nil || !strings.Contains(string(svg), ">loss<") || !strings.Contains(string(svg), ">t5<") {
		t.Errorf("%v", err)
	}
	var misuse interface{ Usage() bool }
	if _, _, err := paperlab(t, "runs", "ls", "-o", "sweep.svg"); !errors.As(err, &misuse) {
		t.Errorf("got %v", err)
	}
}

func TestRunsAreDrawnByAQuery(t *testing.T) {
	sweep(t)
	for file, want := range map[string][]string{
		"loss.svg":   {"--filter", `params.lr == 0.1`, "--sort", "name"},
		"metric.svg": {"--project", "default", "--metric", "eval/loss", "--log-x", "--column"},
		"group.svg":  {"--filter", `true`, "--metric", "eval/loss", "--group", "params.lr", "--band", "deviation"},
		"named.svg":  {"a", "b", "--metric", "eval/loss", "--group", "params.lr"},
	} {
		must(t, append([]string{"plot", "-o", file}, want...)...)
	}
	for file, want := range map[string]string{"loss.svg": ">a<", "metric.svg": ">eval/loss<", "group.svg": ">lr 0.2<", "named.svg": ">lr 0.1<"} {
		if svg, err := os.ReadFile(file); err != nil || !strings.Contains(string(svg), want) {
			t.Errorf("%s lacks %s: %v", file, want, err)
		}
	}
	for _, args := range [][]string{
		{}, {"a", "--filter", "true"}, {"a", "--group", "params.lr"}, {"a", "--metric", "eval/loss", "--group", "params.lr", "--band", "x"}, {"--filter", "x"},
		{"a", "--kind", "x"}, {"a", "--smoothing", "1"},
	} {
		var misuse interface{ Usage() bool }
		if _, _, err := paperlab(t, append([]string{"plot", "-o", "x.svg"}, args...)...); !errors.As(err, &misuse) {
			t.Errorf("%q: got %v", args, err)
		}
	}
	if _, _, err := paperlab(t, "plot", "a", "--metric", "nothing/such", "-o", "x.svg"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
