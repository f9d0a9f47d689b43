package jupyter_test

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// serve starts Jupyter's server with one of its faces, "lab" or "notebook", on a folder. It returns the address of a file there,
// as a function of its name. The server and its kernels end with the test.
func serve(t *testing.T, face, dir string) func(file string) string {
	t.Helper()
	cmd := client(t, dir, "jupyter", face, "--no-browser", "--allow-root", "--expose-app-in-browser",
		"--ip=127.0.0.1", "--ServerApp.port=0", "--IdentityProvider.token=test", "--ServerApp.root_dir="+dir)
	quiet(t, cmd.Env)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, ended := make(chan string), make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			select {
			case said <- lines.Text():
			case <-t.Context().Done():
			}
		}
		close(said)
	}()
	t.Cleanup(func() {
		if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() > 0 {
			t.Errorf("jupyter %s: %v", face, err)
		}
		<-ended
	})
	// An interrupt asks the server on a terminal whether it is meant; SIGTERM ends it and its kernels.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }

	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	var log strings.Builder
	for line := range said {
		log.WriteString(line + "\n")
		if base := address.FindString(line); base != "" {
			go func() {
				for range said { // the server must not wait for a reader
				}
			}()
			path := map[string]string{"lab": "/lab/tree/", "notebook": "/notebooks/"}[face]
			return func(file string) string { return base + path + file + "?token=test" }
		}
	}
	t.Fatalf("jupyter %s ended without an address:\n%s", face, log.String())
	return nil
}

// quiet keeps JupyterLab from asking for news, and from taking cells out of the page that are out of sight.
func quiet(t *testing.T, environment []string) {
	t.Helper()
	for file, settings := range map[string]string{
		"apputils-extension/notification": `{"fetchNews": "false", "checkForUpdates": false}`,
		"notebook-extension/tracker":      `{"windowingMode": "none"}`,
	} {
		for _, variable := range environment {
			if folder, ok := strings.CutPrefix(variable, "JUPYTERLAB_SETTINGS_DIR="); ok {
				path := filepath.Join(folder, "@jupyterlab", file+".jupyterlab-settings")
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(settings), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
