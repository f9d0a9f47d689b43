package cli

import (
	"context"
	"errors"
	"os/exec"
	"strings"
)

// Jupyter tells which parts of Jupyter are installed, and the mend where none is: a check for the doctor verb.
func Jupyter(ctx context.Context) (found, mend string) {
	const install = "pip install jupyterlab (in a virtual environment)"
	out, err := exec.CommandContext(ctx, "jupyter", "--version").Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "no jupyter on the PATH", install
	case err != nil:
		return "jupyter --version: " + err.Error(), install
	}
	var parts []string
	for line := range strings.Lines(string(out)) {
		name, version, ok := strings.Cut(line, ":")
		if version = strings.TrimSpace(version); ok && version != "" && version != "not installed" {
			parts = append(parts, strings.TrimSpace(name)+" "+version)
		}
	}
	if len(parts) == 0 {
		return "a jupyter without parts", install
	}
	return strings.Join(parts, ", "), ""
}
