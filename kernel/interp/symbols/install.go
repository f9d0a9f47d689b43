package symbols

import (
	"bytes"
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/gcexportdata"
)

// patch is what ixgo appends to a package's path to name the package that holds its generic declarations as source.
const patch = "@patch"

// Install makes the bound packages known to a context that was just made: their exact types, where there are facts of
// them, and generic declarations as source. Imports then go through the context's Importer. A function without body in
// such source is found in ixgo's registry under the path of the package that declares it, which ends in @patch.
func Install(context *ixgo.Context) error {
	packages := map[string]*types.Package{"unsafe": types.Unsafe}
	for path := range typeData {
		bound, ok := ixgo.LookupPackage(path)
		if !ok || bound.Source != "" {
			continue
		}
		pkg := types.NewPackage(path, bound.Name)
		packages[path] = pkg
		load := func() error { return load(context, packages, path) }
		if err := context.Loader.SetImport(path, pkg, load); err != nil {
			return fmt.Errorf("declaring package %s: %w", path, err)
		}
	}
	for path, source := range generics {
		if !Lookup(path) {
			continue
		}
		if err := context.RegisterPatch(path, source); err != nil {
			return fmt.Errorf("the generic declarations of package %s: %w", path, err)
		}
	}
	return nil
}

// load fills a package's scope. The generic declarations that its types mention must be there first.
func load(context *ixgo.Context, packages map[string]*types.Package, path string) error {
	data, err := contents(typeData[path])
	if err != nil {
		return fmt.Errorf("reading the types of package %s: %w", path, err)
	}
	needed, data, _ := bytes.Cut(data, []byte("\n"))
	for _, other := range strings.Fields(string(needed)) {
		pkg, err := context.Importer.Import(other)
		if err != nil {
			return fmt.Errorf("importing %s for package %s: %w", other, path, err)
		}
		packages[other] = pkg
	}
	pkg, err := gcexportdata.Read(bytes.NewReader(data), token.NewFileSet(), packages, path)
	if err != nil {
		return fmt.Errorf("reading the types of package %s: %w", path, err)
	}
	// ixgo takes a package that another mentions for whole from then on, as few of its names as there are by then.
	for _, mentioned := range pkg.Imports() {
		if _, ok := typeData[mentioned.Path()]; ok && !mentioned.Complete() {
			if _, err := context.Importer.Import(mentioned.Path()); err != nil {
				return fmt.Errorf("importing %s for package %s: %w", mentioned.Path(), path, err)
			}
		}
	}
	return nil
}
