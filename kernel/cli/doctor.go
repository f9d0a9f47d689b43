package cli

import (
	"context"
	"os/exec"
	"strings"
)

// Jupyter tells which Jupyter is installed, and the mend where none is: a check for the doctor verb.
func Jupyter(ctx context.Context) (found, mend string) {
	out, err := exec.CommandContext(ctx, "jupyter", "--version").Output()
	if err != nil {
		return "no jupyter on the PATH", "pip install jupyterlab (in a virtual environment)"
	}
	var have []string
	for line := range strings.Lines(string(out)) {
		name, version, ok := strings.Cut(line, ":")
		if version = strings.TrimSpace(version); ok && version != "" && version != "not installed" {
			have = append(have, strings.TrimSpace(name)+" "+version)
		}
	}
	return strings.Join(have, ", "), ""
}
