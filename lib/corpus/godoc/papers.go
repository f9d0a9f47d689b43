package godoc

import (
	"context"
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"paperlab/lib/corpus"
)

// SampleQuery is a question for which the corpus holds good answers in words of their own.
const SampleQuery = "How do I stop a request to a server that takes too long?"

// Papers returns the documentation under src, laid out as GOROOT's src folder is, in the order of import paths and,
// within a package: the package, then constants, variables, functions and types, each by name. The same tree gives
// the same papers on every machine: files are chosen as for linux/amd64 without cgo.
//
// ID and Title are the symbol as documentation writes it (net/http, net/http.Client.Do), Categories is the first
// element of its import path, Sections are the headings of its comment. Commands, tests, and what lies under internal,
// vendor and testdata is left out.
func Papers(ctx context.Context, src fs.FS) ([]corpus.Paper, error) {
	folders, err := packageFolders(src)
	if err != nil {
		return nil, err
	}
	perFolder := make([][]corpus.Paper, len(folders))
	workers, ctx := errgroup.WithContext(ctx)
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for i, folder := range folders {
		workers.Go(func() error {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("godoc: %w", context.Cause(ctx))
			}
			pkg, err := readPackage(src, folder)
			if err != nil {
				return fmt.Errorf("godoc: package %s: %w", folder, err)
			}
			if pkg != nil {
				perFolder[i] = packagePapers(pkg)
			}
			return nil
		})
	}
	if err := workers.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(perFolder...), nil
}

// packageFolders lists the folders that may hold a package, which are their import paths too.
func packageFolders(src fs.FS) ([]string, error) {
	var folders []string
	err := fs.WalkDir(src, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		switch base := path.Base(name); {
		case name == ".":
			return nil
		case name == "cmd", base == "internal", base == "vendor", base == "testdata", base[0] == '_', base[0] == '.':
			return fs.SkipDir
		}
		folders = append(folders, name)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("godoc: %w", err)
	}
	return folders, nil
}

// readPackage returns the documentation of the package in folder, nil where there is none.
func readPackage(src fs.FS, folder string) (*doc.Package, error) {
	entries, err := fs.ReadDir(src, folder)
	if err != nil {
		return nil, err
	}
	target := buildTarget(src)
	fset := token.NewFileSet()
	var files []*ast.File
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if chosen, err := target.MatchFile(folder, name); err != nil {
			return nil, err
		} else if !chosen {
			continue
		}
		text, err := fs.ReadFile(src, path.Join(folder, name))
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(fset, path.Join(folder, name), text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if file.Name.Name != "main" {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return nil, nil
	}
	return doc.NewFromFiles(fset, files, folder)
}

// buildTarget is the fixed platform whose files are read.
func buildTarget(src fs.FS) build.Context {
	target := build.Default
	target.GOOS, target.GOARCH = "linux", "amd64"
	target.CgoEnabled = false
	target.BuildTags, target.ToolTags = nil, nil
	target.JoinPath = path.Join
	target.OpenFile = func(name string) (io.ReadCloser, error) { return src.Open(name) }
	return target
}
