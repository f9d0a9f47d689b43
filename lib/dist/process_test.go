package dist_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"paperlab/lib/dist"
	"paperlab/lib/dist/store"
	"paperlab/lib/tensor"
)

// A rank of these tests is the test binary, told by roleVariable what to do in place of the tests.
const roleVariable = "DIST_TEST_ROLE"

var roles = map[string]func(ctx context.Context, g *dist.Group) error{}

// device is where a rank's tensors lie.
var device = tensor.CPU

func TestMain(m *testing.M) {
	role := os.Getenv(roleVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := play(context.Background(), role); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

func play(ctx context.Context, role string) error {
	timeout, err := time.ParseDuration(os.Getenv("DIST_TEST_TIMEOUT"))
	if err != nil {
		timeout = time.Minute
	}
	options := dist.Options{Backend: os.Getenv("DIST_TEST_BACKEND"), Device: tensor.CPU, Timeout: timeout}
	if name := os.Getenv("DIST_TEST_DEVICE"); name != "" {
		if options.Device, err = tensor.ParseDevice(strings.ReplaceAll(name, "LOCAL_RANK", os.Getenv("LOCAL_RANK"))); err != nil {
			return err
		}
	}
	device = options.Device
	g, err := dist.FromEnv(ctx, options)
	if err != nil {
		return err
	}
	defer g.Close()
	return roles[role](ctx, g)
}

// rank is one process.
type rank struct {
	*exec.Cmd
	out  *bufio.Reader
	said strings.Builder
}

// line reads the next line that the rank says.
func (r *rank) line(t testing.TB) string {
	t.Helper()
	line, err := r.out.ReadString('\n')
	r.said.WriteString(line)
	if err != nil && line == "" {
		t.Errorf("a rank ended without a word: %v", err)
	}
	return strings.TrimSpace(line)
}

// end waits for the rank and returns what else it said.
func (r *rank) end(t testing.TB) (string, error) {
	t.Helper()
	rest, err := io.ReadAll(r.out)
	if err != nil {
		t.Error(err)
	}
	return string(rest), r.Wait()
}

func start(t testing.TB, cmd *exec.Cmd, env ...string) *rank {
	t.Helper()
	cmd.Env = append(append(os.Environ(), "OMP_NUM_THREADS=1"), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	stdin, err := cmd.StdinPipe() // which stays open as long as the test
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stdin.Close() })
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // who has ended needs none
	return &rank{Cmd: cmd, out: bufio.NewReader(out)}
}

func variables(r, size, port int) []string {
	return []string{
		"RANK=" + strconv.Itoa(r), "WORLD_SIZE=" + strconv.Itoa(size), "LOCAL_RANK=" + strconv.Itoa(r),
		"MASTER_ADDR=127.0.0.1", "MASTER_PORT=" + strconv.Itoa(port),
	}
}

// launch starts ranks that find each other through a store of this process's.
func launch(t testing.TB, role string, size int, env ...string) []*rank {
	t.Helper()
	server, err := store.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	env = append(env, roleVariable+"="+role, "TORCHELASTIC_USE_AGENT_STORE=True")
	ranks := make([]*rank, size)
	for r := range ranks {
		ranks[r] = start(t, exec.CommandContext(t.Context(), os.Args[0]), append(variables(r, size, server.Port()), env...)...)
	}
	return ranks
}

// freePort is one that nobody listens on.
func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
