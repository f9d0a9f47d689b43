package bind

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// module is one to be bound: its path, and the folder of a copy or of the module itself, in which its bindings are laid.
type module struct{ path, dir string }

// require adds the modules to go.mod. One from the module cache is copied out of it, so that files can be laid over it.
func (w workspace) require(ctx context.Context) (modules []module, err error) {
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(w.Source, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(w.dir, name), data, 0o644)
		}
		if err != nil {
			return nil, fmt.Errorf("building a kernel: %w", err)
		}
	}
	for i, with := range w.With {
		var m module
		if folder, ok := localModule(with); ok {
			m, err = readModule(folder)
		} else {
			m, err = w.fetch(ctx, with, filepath.Join(w.dir, fmt.Sprint("module", i)))
		}
		if err == nil {
			err = w.replace(m)
		}
		if err != nil {
			return nil, err
		}
		modules = append(modules, m)
	}
	return modules, nil
}

// fetch copies a module of the module cache, after the go command brought it there.
func (w workspace) fetch(ctx context.Context, with, dir string) (module, error) {
	path, version, _ := strings.Cut(with, "@")
	version = cmp.Or(version, "latest")
	if err := w.command(ctx, w.Log, "get", w.modfile(), path+"@"+version); err != nil {
		return module{}, err
	}
	var found bytes.Buffer
	if err := w.command(ctx, &found, "list", w.modfile(), "-mod=mod", "-f", "{{.Module.Path}}\n{{.Module.Dir}}", path+"/..."); err != nil {
		return module{}, err
	}
	lines := strings.Split(found.String(), "\n")
	if len(lines) < 2 {
		return module{}, fmt.Errorf("%s has no packages", with)
	}
	if err := os.CopyFS(dir, os.DirFS(lines[1])); err != nil {
		return module{}, fmt.Errorf("copying %s: %w", with, err)
	}
	return module{lines[0], dir}, nil
}

// localModule tells whether a name is that of a folder with a module, as ./ and / say, or a go.mod in it.
func localModule(name string) (folder string, ok bool) {
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	folder, absErr := filepath.Abs(name)
	return folder, absErr == nil && (err == nil || strings.HasPrefix(name, ".") || filepath.IsAbs(name))
}

// readModule finds the module in a folder.
func readModule(folder string) (module, error) {
	data, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil {
		return module{}, fmt.Errorf("%s is not the folder of a Go module: %w", folder, err)
	}
	path := modfile.ModulePath(data)
	if path == "" {
		return module{}, fmt.Errorf("%s names no module", filepath.Join(folder, "go.mod"))
	}
	return module{path, folder}, nil
}

// replace lets go.mod require a module from its folder.
func (w workspace) replace(m module) error {
	name := filepath.Join(w.dir, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("building a kernel: %w", err)
	}
	file, err := modfile.Parse(name, data, nil)
	if err == nil {
		err = errors.Join(file.AddRequire(m.path, "v0.0.0"), file.AddReplace(m.path, "", m.dir, ""))
	}
	if err == nil {
		data, err = file.Format()
	}
	if err == nil {
		err = os.WriteFile(name, data, 0o644)
	}
	if err != nil {
		return fmt.Errorf("requiring %s: %w", m.path, err)
	}
	return nil
}

// home is the path below which a package's binding lies: the module's, or the part of its path that an internal package is for.
func (m module) home(p *Package) string {
	if parent, _, ok := strings.Cut(p.Path(), "/internal"); ok && isInternal(p.Path()) {
		return parent
	}
	return m.path
}
