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
)

// workspace is a build under way, with its own go.mod and the files that are laid over the source tree in a folder.
type workspace struct {
	Build
	dir string
}

// modfile makes the go command read and write the workspace's go.mod instead of the source tree's.
func (w workspace) modfile() string { return "-modfile=" + filepath.Join(w.dir, "go.mod") }

// flags let the go command also add to go.mod what the modules require.
func (w workspace) flags() []string { return []string{w.modfile(), "-mod=mod"} }

// bind writes the bindings of the modules' packages and gives the paths of those that a cell may import.
func (w workspace) bind(ctx context.Context, modules []module) ([]string, error) {
	usual, generic, err := w.usual()
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, m := range modules {
		found, err := w.list(ctx, m)
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	paths = slices.DeleteFunc(paths, func(path string) bool { return slices.Contains(usual, path) })
	packages, err := Load(ctx, Config{Dir: w.Source, Flags: w.flags(), Bound: usual}, paths...)
	if err != nil {
		return nil, err
	}
	for _, p := range packages {
		if err := w.tellLeft(p); err != nil {
			return nil, err
		}
		if len(p.Generics()) > 0 {
			generic = append(generic, p.Path())
		}
	}
	paths = slices.DeleteFunc(paths, isInternal)
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s: no package that a cell could import and cannot yet", strings.Join(w.With, ", "))
	}
	return paths, w.overlay(modules, packages, generic)
}

// tellLeft logs which of a package's generic declarations have no binding.
func (w workspace) tellLeft(p *Package) error {
	part, err := p.generics()
	if err == nil && len(part.left) > 0 && !isInternal(p.Path()) {
		fmt.Fprintf(w.Log, "%s: left out are the generic %s, which use what a cell cannot reach\n", p.Path(), strings.Join(part.left, ", "))
	}
	return err
}

func isInternal(path string) bool { return slices.Contains(strings.Split(path, "/"), "internal") }

// usual lists the packages that every kernel binds, and those of them that have generic declarations.
func (w workspace) usual() (bound, generic []string, err error) {
	symbols := filepath.Join(w.Source, "kernel/interp/symbols")
	generic = []string{"cmp", "maps", "slices"}
	bound = slices.Clone(generic)
	archives, err := filepath.Glob(filepath.Join(symbols, "bindings", "*_gen.zip"))
	if err != nil || len(archives) == 0 {
		return nil, nil, fmt.Errorf("no bindings in %s (%v): run go generate ./kernel/interp/... there", w.Source, err)
	}
	for _, name := range archives {
		paths, err := typed(name)
		if err != nil {
			return nil, nil, fmt.Errorf("the bindings in %s: %w", w.Source, err)
		}
		bound = append(bound, paths...)
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

// typed lists the packages whose types are in an archive.
func typed(name string) (paths []string, err error) {
	archive, err := zip.OpenReader(name)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	for _, file := range archive.File {
		if path, ok := strings.CutPrefix(file.Name, "types/"); ok {
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// list gives a module's packages that may be imported.
func (w workspace) list(ctx context.Context, m module) ([]string, error) {
	var out bytes.Buffer
	if err := w.command(ctx, &out, "list", w.modfile(), "-mod=mod", "-f", "{{.Name}} {{.ImportPath}}", m.path+"/..."); err != nil {
		return nil, err
	}
	var paths []string
	for line := range strings.Lines(out.String()) {
		name, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name != "main" && strings.Count("/"+path+"/", "/internal/") < 2 {
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// bindings is the last part of the path of a package of bindings. It lies in the module, so that it may import internal packages.
const bindings = "paperlabbindings"

// language lets bindings be newer Go than the module that they lie in.
const language = "go1.26"

// register is the file of that package that hands over the facts. It does not embed them: an old module's language forbids that.
const register = `//go:build ` + language + `

package ` + bindings + `

import "paperlab/kernel/interp/symbols"

func init() { symbols.Facts([]byte(facts)) }

const facts = %q
`

// overlay writes the bindings, and the file that tells the go command to see them in the modules and the executable.
func (w workspace) overlay(modules []module, packages []*Package, generic []string) error {
	replace := map[string]string{}
	main := "package main\n\nimport (\n"
	for i, m := range modules {
		sets := map[string][]*Package{}
		for _, p := range packages {
			if p.Path() == m.path || strings.HasPrefix(p.Path(), m.path+"/") {
				sets[m.home(p)] = append(sets[m.home(p)], p)
			}
		}
		for home, set := range sets {
			dir := filepath.Join(w.dir, fmt.Sprint("bindings", i), home)
			files, err := writeFiles(dir, generic, set)
			if err != nil {
				return fmt.Errorf("binding %s: %w", home, err)
			}
			for _, file := range files {
				replace[filepath.Join(m.dir, strings.TrimPrefix(home, m.path), bindings, file)] = filepath.Join(dir, file)
			}
			main += fmt.Sprintf("\t_ %q\n", home+"/"+bindings)
		}
	}
	replace[filepath.Join(w.Source, w.Main, "with_gen.go")] = filepath.Join(w.dir, "with.go")
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = errors.Join(
			os.WriteFile(filepath.Join(w.dir, "with.go"), []byte(main+")\n"), 0o644),
			os.WriteFile(filepath.Join(w.dir, "overlay.json"), data, 0o644))
	}
	if err != nil {
		return fmt.Errorf("building a kernel: %w", err)
	}
	return nil
}

// writeFiles writes a package of bindings and lists its files.
func writeFiles(dir string, generic []string, packages []*Package) (names []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := Write(dir, bindings, generic, Set{Packages: packages, Docs: true, Generics: true, Constraint: language}); err != nil {
		return nil, err
	}
	facts, err := os.ReadFile(filepath.Join(dir, Archive))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "facts.go"), fmt.Appendf(nil, register, facts), 0o644)
	}
	if err != nil {
		return nil, err
	}
	files, err := os.ReadDir(dir)
	for _, file := range files {
		names = append(names, file.Name())
	}
	return names, err
}

// command runs the go command with the variables that make shell sets, if the tree is set up: C libraries are found by them.
func (w workspace) command(ctx context.Context, out io.Writer, args ...string) error {
	const script = `if [ -e .build/env.sh ]; then . .build/env.sh; fi; exec go "$@"`
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", script, "sh"}, args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = w.Source, out, w.Log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w", args[0], err)
	}
	return nil
}
