package cli_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/tracker/cli"
)

// serve starts paperlab serve and returns the lines that it prints first. It ends with the test, which it must do well.
func serve(t *testing.T, lines int, args ...string) []string {
	t.Helper()
	root := &cobra.Command{Use: "paperlab", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(cli.Commands()...)
	ctx, end := context.WithCancel(t.Context())
	out, in := io.Pipe()
	root.SetOut(in)
	root.SetErr(io.Discard)
	root.SetArgs(append([]string{"serve"}, args...))
	ended := make(chan error, 1)
	go func() {
		err := root.ExecuteContext(ctx)
		in.CloseWithError(err)
		ended <- err
	}()
	t.Cleanup(func() {
		end()
		out.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	var printed []string
	for scanner := bufio.NewScanner(out); len(printed) < lines && scanner.Scan(); {
		printed = append(printed, scanner.Text())
	}
	if len(printed) < lines {
		t.Fatalf("printed only %q", printed)
	}
	return printed
}

// fetch returns the status and the body of a page.
func fetch(t *testing.T, address string, headers ...string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func TestServeShowsTheRunsAndSpeaksMLflow(t *testing.T) {
	inNewFolder(t)
	id := strings.TrimSpace(must(t, "runs", "new", "--name", "served", "--param", "lr=5e-5"))
	must(t, "log", "--run", id, "--step", "1", "train/loss=2.5")
	must(t, "log", "--run", id, "--step", "2", "train/loss=1.5")
	lines := serve(t, 2, "--addr", "127.0.0.1:0")
	address := regexp.MustCompile(`^Open (http://127\.0\.0\.1:\d+)/ in a browser to see the runs of /.*/paperlab\.db\. Ctrl-C ends the server\.$`).FindStringSubmatch(lines[0])
	if address == nil || lines[1] != "Python programs that use MLflow log here after: export MLFLOW_TRACKING_URI="+address[1] {
		t.Fatalf("printed %q", lines)
	}
	for path, want := range map[string]string{
		"/":                                     "<title>Paperlab</title>",
		"/api/runs":                             `"name":"served"`,
		"/api/2.0/mlflow/runs/get?run_id=" + id: `"run_name":"served"`,
		"/version":                              "3.",
		"/api/figure.svg?key=train/loss&run=" + id:                             "<svg",
		"/api/figure.png?key=train/loss&run=" + id + "&group=params.lr&logy=1": "PNG",
		"/api/figure.pdf?key=train/loss&run=" + id + "&smoothing=0.5&logx=1":   "%PDF",
	} {
		if status, body := fetch(t, address[1]+path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200q", path, status, body)
		}
	}
	if status, _ := fetch(t, address[1]+"/api/figure.svg?key=train/loss&smoothing=7&run="+id); status == 200 {
		t.Error("a figure is drawn with a smoothing of 7")
	}
}

func TestServeBeyondThisMachineWantsAToken(t *testing.T) {
	inNewFolder(t)
	t.Setenv("PAPERLAB_TOKEN", "")
	var said struct{ Address, Token, Database string }
	if err := json.Unmarshal([]byte(serve(t, 1, "--addr", "0.0.0.0:0", "--json")[0]), &said); err != nil {
		t.Fatal(err)
	}
	here := regexp.MustCompile(`//.*:`).ReplaceAllString(said.Address, "//127.0.0.1:")
	if status, _ := fetch(t, here+"/api/runs"); status != 401 || len(said.Token) < 26 {
		t.Errorf("without the token %q: %d", said.Token, status)
	}
	if status, _ := fetch(t, here+"/api/runs", "Authorization", "Bearer "+said.Token); status != 200 {
		t.Errorf("with the token: %d", status)
	}
	if _, err := os.Stat(said.Database); err != nil {
		t.Error(err)
	}
}

func TestServeTakesTheTokenThatItIsGiven(t *testing.T) {
	inNewFolder(t)
	t.Setenv("PAPERLAB_TOKEN", "from the environment")
	lines := serve(t, 3, "--addr", "127.0.0.1:0", "--token", "a-token-nobody-guesses")
	if !strings.Contains(lines[0], "/?token=a-token-nobody-guesses ") || !strings.Contains(lines[2], "MLFLOW_TRACKING_TOKEN=a-token-nobody-guesses") {
		t.Errorf("printed %q", lines)
	}
}

func TestServeRefuses(t *testing.T) {
	inNewFolder(t)
	taken := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(serve(t, 1, "--addr", "127.0.0.1:0")[0])
	for name, c := range map[string]struct {
		args   []string
		misuse bool
		want   string
	}{
		"a taken port":            {[]string{"--addr", taken}, false, "address already in use"},
		"an address without port": {[]string{"--addr", "localhost"}, true, "want HOST:PORT"},
		"a short token":           {[]string{"--token", "short"}, true, "want 16 or more"},
		"a database that is none": {[]string{"--addr", "127.0.0.1:0", "--db", "/dev/null"}, false, ""},
		"an argument":             {[]string{"7272"}, true, "wants no arguments"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := paperlab(t, append([]string{"serve"}, c.args...)...)
			var misuse interface{ Usage() bool }
			if err == nil || errors.As(err, &misuse) != c.misuse || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
