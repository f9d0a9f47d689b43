package interp

import (
	"fmt"
	"go/ast"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goplus/ixgo"
)

// unbound begins the error for a package that the kernel has not; diagnostics find it inside the checker's own words.
const unbound = marker + "package "

// importer gives the bound packages to the type checker, one at a time.
type importer struct {
	mu    sync.Mutex
	bound types.Importer
	paths func() []string // of all bound packages
}

// Import returns the package's types. The error for one that is not bound says which are and how to bind it.
func (im *importer) Import(path string) (*types.Package, error) {
	im.mu.Lock()
	defer im.mu.Unlock()
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	pkg, err := im.bound.Import(path)
	if err == nil {
		return pkg, nil
	}
	if slices.Contains(im.paths(), path) {
		return nil, fmt.Errorf("importing %s: %w", path, err)
	}
	return nil, fmt.Errorf("%s%s is not bound in this kernel, which has %s; \"paperlab kernel build --with %s\" makes one that has it too",
		unbound, path, strings.Join(families(im.paths()), ", "), path)
}

// families sums up import paths: the standard library, and what comes from elsewhere by its first elements.
func families(paths []string) []string {
	var out []string
	for _, p := range paths {
		family := "the standard library"
		elements := strings.SplitN(p, "/", 4)
		switch {
		case strings.Contains(elements[0], "."):
			family = path.Join(elements[:min(3, len(elements))]...)
		case elements[0] == "paperlab":
			family = "paperlab's packages"
		}
		if !slices.Contains(out, family) {
			out = append(out, family)
		}
	}
	slices.Sort(out)
	return out
}

// importPath is the path that an import names.
func importPath(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value)
	return p
}

// importName is the name under which an import is known in its file.
func (im *importer) importName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	p := importPath(spec)
	if pkg, err := im.Import(p); err == nil {
		return pkg.Name()
	}
	return path.Base(p)
}

// boundPaths are the import paths of all bound packages.
func boundPaths() []string { return ixgo.PackageList() }
