package compute_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"paperlab/kernel/cli/compute"
	"paperlab/kernel/wire"
	"paperlab/kernel/wire/wiretest"
)

// The test's own executable is the kernel, or the server that starts one and then hangs, if one of these names a
// connection file.
const (
	asKernel = "COMPUTE_TEST_KERNEL"
	asServer = "COMPUTE_TEST_SERVER"
)

func TestMain(m *testing.M) {
	if file := os.Getenv(asKernel); file != "" {
		verb := compute.Run(nil)
		verb.SetArgs([]string{file})
		if err := verb.ExecuteContext(context.Background()); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	if file := os.Getenv(asServer); file != "" {
		kernel := exec.Command(os.Args[0])
		kernel.Env = append(os.Environ(), asServer+"=", asKernel+"="+file, fmt.Sprint("JPY_PARENT_PID=", os.Getpid()))
		kernel.Stdout, kernel.Stderr = os.Stdout, os.Stderr
		if err := kernel.Start(); err != nil {
			os.Exit(1)
		}
		select {}
	}
	os.Exit(m.Run())
}

// launch starts this executable in a role, with the connection file of free ports.
func launch(t *testing.T, role string) (process *exec.Cmd, connection wire.Connection, output io.Reader) {
	t.Helper()
	connection = wiretest.Free(t)
	data, err := json.Marshal(connection)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	process = exec.Command(os.Args[0])
	process.Env = append(os.Environ(), role+"="+file)
	stdout, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	process.Stderr = process.Stdout
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Process.Kill() })
	return process, connection, stdout
}

// ends waits for a process, which has to end well.
func ends(t *testing.T, process *exec.Cmd, output io.Reader) {
	t.Helper()
	said, err := io.ReadAll(output)
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}

// text joins the text of the messages that are streams, and results.
func text(t *testing.T, messages []*wire.Message) string {
	t.Helper()
	var all strings.Builder
	for _, m := range messages {
		var content struct {
			Text string
			Data map[string]any
		}
		wiretest.Content(t, m, &content)
		if all.WriteString(content.Text); content.Data != nil {
			fmt.Fprint(&all, content.Data["text/plain"])
		}
	}
	return all.String()
}

func TestAKernelRunsGo(t *testing.T) {
	process, connection, output := launch(t, asKernel)
	client := wiretest.Dial(t, connection)
	for _, c := range []struct{ code, want string }{
		{"1+1", "2"},
		{"import (\n\"fmt\"\n\"os\"\n\"syscall\"\n\"time\"\n)\nfmt.Println(\"from Go\")\nfmt.Fprint(os.Stderr, \"and\")", "from Go\nand"},
		{"syscall.Write(1, []byte(\"to the descriptor\"))", "to the descriptor"},
		{"Display(42)", "42"},
		{"!echo from the shell", "from the shell\n"},
		{"var b [1]byte\n_, err := os.Stdin.Read(b[:])\nerr", "EOF"},
	} {
		reply, broadcast := client.Run(wire.ExecuteRequest{Code: c.code})
		if got := text(t, broadcast[1:]); reply.Status != "ok" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %+v: %q, want %q", c.code, reply.Error, got, c.want)
		}
	}
	client.Control.Answer(client.Control.Send(wire.ShutdownRequest{}))
	ends(t, process, output)
}

func TestSignals(t *testing.T) {
	process, connection, output := launch(t, asKernel)
	client := wiretest.Dial(t, connection)
	signal := func(s syscall.Signal) {
		if err := process.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	client.Run(wire.ExecuteRequest{Code: "x := 1"})
	signal(syscall.SIGINT) // idle: nothing is to happen, nor the second time
	signal(syscall.SIGINT)
	client.Run(wire.ExecuteRequest{Code: "x++"})
	id := client.Execute("println(\"begun\")\nfor { x++ }")
	for client.IOPub.Answer(id).Header.Type != "stream" {
	}
	signal(syscall.SIGINT)
	var reply wire.ExecuteReply
	if wiretest.Content(t, client.Shell.Answer(id), &reply); reply.Error == nil || reply.Error.Name != "Interrupted" {
		t.Errorf("%+v", reply)
	}
	if _, broadcast := client.Run(wire.ExecuteRequest{Code: "x > 1"}); text(t, broadcast[1:]) != "true" {
		t.Errorf("x is lost: %q", text(t, broadcast[1:]))
	}
	signal(syscall.SIGTERM)
	ends(t, process, output)
}

func TestAKernelEndsWithTheServerThatStartedIt(t *testing.T) {
	server, connection, output := launch(t, asServer)
	client := wiretest.Dial(t, connection)
	client.Run(wire.ExecuteRequest{Code: "1+1"})
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// The kernel holds the pipe open until it ends.
	if _, err := io.Copy(io.Discard, bufio.NewReader(output)); err != nil {
		t.Fatal(err)
	}
}

func TestAConnectionFileThatIsNone(t *testing.T) {
	verb := compute.Run(nil)
	var out bytes.Buffer
	verb.SetOut(&out)
	verb.SetErr(&out)
	verb.SetArgs([]string{filepath.Join(t.TempDir(), "none.json")})
	if err := verb.Execute(); err == nil || !strings.Contains(err.Error(), "none.json: no such file") {
		t.Errorf("%v", err)
	}
}
