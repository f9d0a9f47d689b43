package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/kernel/cli"
)

func TestJupyterIsWhatItSaysOfItself(t *testing.T) {
	for name, c := range map[string]struct {
		script string // of the jupyter on the PATH, none if empty
		found  string
		mend   bool
	}{
		"its parts with their versions": {"echo 'Selected Jupyter core packages...'; echo 'IPython          : 9.1.0'; echo 'jupyterlab : 4.4.0'; echo 'qtconsole : not installed'", "IPython 9.1.0, jupyterlab 4.4.0", false},
		"none on the PATH":              {"", "no jupyter on the PATH", true},
		"one that fails":                {"exit 3", "exit status 3", true},
		"one without parts":             {"echo 'IPython : not installed'", "a jupyter without parts", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("PATH", dir)
			if c.script != "" {
				if err := os.WriteFile(filepath.Join(dir, "jupyter"), []byte("#!/bin/sh\n"+c.script+"\n"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			found, mend := cli.Jupyter(context.Background())
			if !strings.Contains(found, c.found) || (mend != "") != c.mend {
				t.Errorf("found %q, mend %q", found, mend)
			}
		})
	}
}
