package jupyter_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What the tests run, from the repository's root: setup.sh and make build put it there.
var (
	clients = absolute(".build/jupyter/bin") // jupyter and its subcommands
	built   = absolute(".build/bin")         // paperlab, paperlab-native
	shots   = absolute(".build/screenshots") // what the browser showed
)

func absolute(inRepository string) string {
	path, err := filepath.Abs(filepath.Join("../..", inRepository))
	if err != nil {
		panic(err)
	}
	return path
}

// prefix holds the kernel's two specifications, paperlab's and gophernotes'. It is empty where the executables cannot be built.
var prefix string

func TestMain(m *testing.M) {
	code, err := installAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// installAndRun builds the executables as people do, and installs the kernel into a folder that lasts as long as the tests.
func installAndRun(m *testing.M) (int, error) {
	if os.Getenv("CGO_CXXFLAGS") == "" {
		return m.Run(), nil
	}
	if out, err := exec.Command("make", "--silent", "-C", "../..", "build").CombinedOutput(); err != nil {
		return 0, fmt.Errorf("make build: %w\n%s", err, out)
	}
	// The test's result stands as long as these are the same: go test looks at the files that a test has looked at.
	for _, executable := range []string{"paperlab", "paperlab-native"} {
		if _, err := os.Stat(filepath.Join(built, executable)); err != nil {
			return 0, err
		}
	}
	dir, err := os.MkdirTemp("", "paperlab-jupyter-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	prefix = dir
	for _, as := range [][]string{nil, {"--as", "gophernotes"}} {
		install := exec.Command(filepath.Join(built, "paperlab"), append([]string{"kernel", "install", "--prefix", prefix}, as...)...)
		if out, err := install.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("paperlab kernel install: %w\n%s", err, out)
		}
	}
	return m.Run(), nil
}

// patience is how long a client or a page may take until its test fails. Nothing is measured by it.
const patience = 3 * time.Minute

// client returns a call of one of Jupyter's programs, or of another by its path, in a folder, with our kernel installed and nothing of
// the user's home.
func client(t *testing.T, dir, program string, args ...string) *exec.Cmd {
	t.Helper()
	if prefix == "" {
		t.Skip("NOTHING WAS TESTED: CGO_CXXFLAGS is not set, so the kernel cannot be built; run make test, or in make shell")
	}
	path := program
	if !filepath.IsAbs(path) {
		path = filepath.Join(clients, program)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOTHING WAS TESTED: no %s; make setup brings it", path)
	}
	home := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // upon which it ends its kernels
	cmd.WaitDelay = 10 * time.Second
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"JUPYTER_PATH="+filepath.Join(prefix, "share/jupyter"),
		"JUPYTER_CONFIG_DIR="+filepath.Join(home, "config"),
		"JUPYTER_DATA_DIR="+filepath.Join(home, "data"),
		"JUPYTER_RUNTIME_DIR="+filepath.Join(home, "runtime"),
		"JUPYTERLAB_SETTINGS_DIR="+filepath.Join(home, "settings"),
		"JUPYTERLAB_WORKSPACES_DIR="+filepath.Join(home, "workspaces"),
		"IPYTHONDIR="+filepath.Join(home, "ipython"),
		"PAPERLAB_DB=",
	)
	return cmd
}

// output runs a client to its end, which has to be a good one, and returns what it printed.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out.String())
	}
	return out.String()
}
