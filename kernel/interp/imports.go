package interp

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"path"
	"strconv"
	"sync"

	"paperlab/kernel/interp/symbols"
)

// unbound begins the error for a package that the kernel has not; diagnostics find it inside the checker's own words.
const unbound = marker

// importer gives the bound packages to the type checker, one at a time.
type importer struct {
	mu    sync.Mutex
	bound types.Importer
}

// Import returns the package's types. The error for one that is not bound says which are and how to bind it.
func (im *importer) Import(path string) (*types.Package, error) {
	im.mu.Lock()
	defer im.mu.Unlock()
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	pkg, err := im.bound.Import(path)
	if missing := (*symbols.UnboundError)(nil); errors.As(err, &missing) {
		return nil, fmt.Errorf("%s%w", unbound, err)
	}
	return pkg, err
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
