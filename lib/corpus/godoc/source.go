package godoc

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Source returns the source tree of the installed Go standard library: the src folder of $GOROOT or, where that is
// not set, of what `go env GOROOT` prints.
func Source(ctx context.Context) (fs.FS, error) {
	root := os.Getenv("GOROOT")
	if root == "" {
		out, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
		if err != nil {
			return nil, fmt.Errorf("godoc: go env GOROOT: %w (install Go, or set GOROOT)", err)
		}
		root = strings.TrimSpace(string(out))
	}
	src := filepath.Join(root, "src")
	if _, err := os.Stat(filepath.Join(src, "fmt")); err != nil {
		return nil, fmt.Errorf("godoc: %s holds no standard library: %w (install Go's sources, or set GOROOT)", src, err)
	}
	return os.DirFS(src), nil
}
