package bind

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// workspace is a build under way, with its own go.mod and the files that are laid over the source tree in a folder.
type workspace struct {
	Build
	dir string
}

// flags make the go command read and write the workspace's go.mod instead of the source tree's.
func (w workspace) flags() []string {
	return []string{"-modfile=" + filepath.Join(w.dir, "go.mod"), "-mod=mod"}
}

// require adds the modules to go.mod and returns their paths.
func (w workspace) require(ctx context.Context) (modules []string, err error) {
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(w.Source, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(w.dir, name), data, 0o644)
		}
		if err != nil {
			return nil, fmt.Errorf("building a kernel: %w", err)
		}
	}
	for _, with := range w.With {
		if folder, ok := localModule(with); ok {
			module, err := w.replace(folder)
			if err != nil {
				return nil, err
			}
			modules = append(modules, module)
			continue
		}
		module, version, found := strings.Cut(with, "@")
		if !found {
			version = "latest"
		}
		if err := w.run(ctx, "get", module+"@"+version); err != nil {
			return nil, err
		}
		modules = append(modules, module)
	}
	return modules, nil
}

// localModule tells whether a name is that of a folder with a module, as ./ and / say, or a go.mod in it.
func localModule(name string) (folder string, ok bool) {
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	folder, absErr := filepath.Abs(name)
	return folder, absErr == nil && (err == nil || strings.HasPrefix(name, ".") || filepath.IsAbs(name))
}

// replace requires a module on this machine.
func (w workspace) replace(folder string) (module string, err error) {
	data, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil {
		return "", fmt.Errorf("%s is not the folder of a Go module: %w", folder, err)
	}
	if module = modfile.ModulePath(data); module == "" {
		return "", fmt.Errorf("%s names no module", filepath.Join(folder, "go.mod"))
	}
	name := filepath.Join(w.dir, "go.mod")
	own, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("building a kernel: %w", err)
	}
	file, err := modfile.Parse(name, own, nil)
	if err == nil {
		err = errors.Join(file.AddRequire(module, "v0.0.0"), file.AddReplace(module, "", folder, ""))
	}
	if err == nil {
		own, err = file.Format()
	}
	if err == nil {
		err = os.WriteFile(name, own, 0o644)
	}
	if err != nil {
		return "", fmt.Errorf("requiring %s: %w", module, err)
	}
	return module, nil
}

// with is the package that holds the further bindings, in the source tree as the build sees it.
const with = "kernel/interp/symbols/with"

// bind writes the bindings of all packages of the modules that others may import, and lays them over the source tree.
func (w workspace) bind(ctx context.Context, modules []string) ([]string, error) {
	usual, generic, err := w.usual()
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, module := range modules {
		found, err := w.list(ctx, module)
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	paths = slices.DeleteFunc(paths, func(path string) bool { return slices.Contains(usual, path) })
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s: no package that a cell could import and cannot yet", strings.Join(modules, ", "))
	}
	packages, err := Load(ctx, Config{Dir: w.Source, Flags: w.flags(), Bound: usual}, paths...)
	if err != nil {
		return nil, err
	}
	for _, p := range packages {
		if left := p.Generics(); len(left) > 0 {
			fmt.Fprintf(w.Log, "%s: %s are generic and left out\n", p.Path(), strings.Join(left, ", "))
		}
	}
	bindings := filepath.Join(w.dir, "with")
	if err := os.Mkdir(bindings, 0o755); err != nil {
		return nil, fmt.Errorf("building a kernel: %w", err)
	}
	if err := Write(bindings, "with", generic, Set{Packages: packages, Docs: true}); err != nil {
		return nil, err
	}
	return paths, w.overlay(bindings)
}

// usual lists the packages that every kernel binds, and those of them that have generic declarations.
func (w workspace) usual() (bound, generic []string, err error) {
	symbols := filepath.Join(w.Source, "kernel/interp/symbols")
	archive, err := zip.OpenReader(filepath.Join(symbols, "bindings", Archive))
	if err != nil {
		return nil, nil, fmt.Errorf("the bindings in %s: %w", w.Source, err)
	}
	defer archive.Close()
	generic = []string{"cmp", "maps", "slices"}
	bound = slices.Clone(generic)
	for _, file := range archive.File {
		if path, ok := strings.CutPrefix(file.Name, "types/"); ok {
			bound = append(bound, path)
		}
	}
	files, err := os.ReadDir(filepath.Join(symbols, "generics"))
	if err != nil {
		return nil, nil, fmt.Errorf("the bindings in %s: %w", w.Source, err)
	}
	for _, file := range files {
		generic = append(generic, strings.ReplaceAll(strings.TrimSuffix(file.Name(), ".go"), "-", "/"))
	}
	return bound, generic, nil
}

// list gives a module's packages that others may import.
func (w workspace) list(ctx context.Context, module string) ([]string, error) {
	var out bytes.Buffer
	if err := w.command(ctx, &out, "list", "-f", "{{.Name}} {{.ImportPath}}", module+"/..."); err != nil {
		return nil, err
	}
	var paths []string
	for line := range strings.Lines(out.String()) {
		name, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name != "main" && !slices.Contains(strings.Split(path, "/"), "internal") {
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// overlay writes the file that tells the go command which files to see in the source tree.
func (w workspace) overlay(bindings string) error {
	const register = "package with\n\nimport (\n\t_ \"embed\"\n\n\t\"paperlab/kernel/interp/symbols\"\n)\n\n//go:embed " + Archive + "\nvar facts []byte\n\nfunc init() { symbols.Facts(facts) }\n"
	main := "package main\n\nimport _ \"paperlab/" + with + "\"\n"
	written := errors.Join(
		os.WriteFile(filepath.Join(bindings, "facts.go"), []byte(register), 0o644),
		os.WriteFile(filepath.Join(w.dir, "with.go"), []byte(main), 0o644))
	files, err := os.ReadDir(bindings)
	if err := errors.Join(written, err); err != nil {
		return fmt.Errorf("building a kernel: %w", err)
	}
	replace := map[string]string{filepath.Join(w.Source, w.Main, "with_gen.go"): filepath.Join(w.dir, "with.go")}
	for _, file := range files {
		replace[filepath.Join(w.Source, with, file.Name())] = filepath.Join(bindings, file.Name())
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = os.WriteFile(filepath.Join(w.dir, "overlay.json"), data, 0o644)
	}
	if err != nil {
		return fmt.Errorf("building a kernel: %w", err)
	}
	return nil
}

// run runs the go command in the source tree.
func (w workspace) run(ctx context.Context, args ...string) error {
	return w.command(ctx, w.Log, args...)
}

// command runs the go command with the variables that make shell sets, if the tree is set up: C libraries are found by them.
func (w workspace) command(ctx context.Context, out io.Writer, args ...string) error {
	args = append([]string{args[0]}, append(w.flags(), args[1:]...)...)
	const script = `if [ -e .build/env.sh ]; then . .build/env.sh; fi; exec go "$@"`
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", script, "sh"}, args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = w.Source, out, w.Log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w", args[0], err)
	}
	return nil
}
