package bind

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/mod/modfile"
)

// Build makes an executable with the packages of further modules bound. The source tree stays as it is.
type Build struct {
	Source string    // the folder of Paperlab's own sources; see [SourceTree]
	Main   string    // the folder of the executable's package in it, "." for the command paperlab
	With   []string  // MODULE, MODULE@VERSION, or the folder of a module on this machine
	Tags   string    // build tags, separated by commas
	Output string    // the executable
	Log    io.Writer // takes what the go command says
}

// SourceTree is where the sources lie that this executable was built from. It fails if they are not there any more.
func SourceTree() (string, error) {
	_, file, _, _ := runtime.Caller(0)
	root := filepath.Clean(filepath.Join(filepath.Dir(file), "../../../.."))
	return root, checkSource(root)
}

func checkSource(root string) error {
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil || modfile.ModulePath(data) != "paperlab" {
		return fmt.Errorf("no sources of Paperlab in %s, which a kernel is built from: give their folder by --source", root)
	}
	return nil
}

// Run builds the executable and returns the paths of the packages that it binds beyond the usual ones.
func (b Build) Run(ctx context.Context) (bound []string, err error) {
	if err := checkSource(b.Source); err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp("", "paperlab-kernel-")
	if err != nil {
		return nil, fmt.Errorf("building a kernel: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	w := workspace{b, work}
	modules, err := w.require(ctx)
	if err != nil {
		return nil, err
	}
	bound, err = w.bind(ctx, modules)
	if err != nil {
		return nil, err
	}
	output, err := filepath.Abs(b.Output)
	if err != nil {
		return nil, fmt.Errorf("building a kernel: %w", err)
	}
	return bound, w.command(ctx, b.Log, "build", w.modfile(), "-mod=mod", "-overlay", filepath.Join(work, "overlay.json"), "-tags", b.Tags, "-o", output, "./"+filepath.ToSlash(b.Main))
}
