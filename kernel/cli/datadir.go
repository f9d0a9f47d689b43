package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// dataDir returns Jupyter's data folder that the flags mean, as jupyter_core finds it on Linux.
func (p *place) dataDir(ctx context.Context) (string, error) {
	switch {
	case p.prefix != "":
		return filepath.Join(p.prefix, "share", "jupyter"), nil
	case p.sysPrefix:
		prefix, err := sysPrefix(ctx)
		return filepath.Join(prefix, "share", "jupyter"), err
	}
	return userDataDir()
}

// userDataDir returns the data folder of the current user.
func userDataDir() (string, error) {
	if dir := os.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir, nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jupyter"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", hinted{fmt.Errorf("find Jupyter's data folder: %w", err), "say where with --prefix DIR"}
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}

// sysPrefix returns the folder of the active Python environment, or of the Python on the PATH.
func sysPrefix(ctx context.Context) (string, error) {
	for _, variable := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if dir := os.Getenv(variable); dir != "" {
			return dir, nil
		}
	}
	for _, python := range []string{"python3", "python"} {
		path, err := exec.LookPath(python)
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, path, "-c", "import sys; print(sys.prefix)").Output()
		if err != nil {
			return "", fmt.Errorf("ask %s for its prefix: %w", path, err)
		}
		return strings.TrimSpace(string(out)), nil
	}
	return "", hinted{fmt.Errorf("find the Python environment: no python on the PATH"), "activate one, or say where with --prefix DIR"}
}

// dataDirs returns the folders in which Jupyter looks for kernels, as far as they can be found.
func dataDirs(ctx context.Context) []string {
	dirs := filepath.SplitList(os.Getenv("JUPYTER_PATH"))
	if dir, err := userDataDir(); err == nil {
		dirs = append(dirs, dir)
	}
	if prefix, err := sysPrefix(ctx); err == nil {
		dirs = append(dirs, filepath.Join(prefix, "share", "jupyter"))
	}
	return append(dirs, "/usr/local/share/jupyter", "/usr/share/jupyter")
}
