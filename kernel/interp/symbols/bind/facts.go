package bind

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// facts gives the package's types in the form of [gcexportdata], without generic declarations and without positions.
// Before them stands a line of the packages with generic declarations that the types may mention: those must be known
// to whoever reads the types, since their generic declarations are left out wherever they are.
func (p *Package) facts(generic map[string]bool) ([]byte, error) {
	pkg := p.loaded.Types
	if len(p.Generics()) > 0 {
		var err error
		if pkg, err = p.withoutGenerics(); err != nil {
			return nil, err
		}
	}
	var data bytes.Buffer
	if err := gcexportdata.Write(&data, token.NewFileSet(), pkg); err != nil {
		return nil, fmt.Errorf("writing the types of %s: %w", p.Path(), err)
	}
	mentioned := map[string]*types.Package{}
	if _, err := gcexportdata.Read(bytes.NewReader(data.Bytes()), token.NewFileSet(), mentioned, p.Path()); err != nil {
		return nil, fmt.Errorf("reading back the types of %s: %w", p.Path(), err)
	}
	var needed []string
	for path := range mentioned {
		if generic[path] && path != p.Path() {
			needed = append(needed, path)
		}
	}
	slices.Sort(needed)
	return append([]byte(strings.Join(needed, " ")+"\n"), data.Bytes()...), nil
}

// withoutGenerics checks the package's declarations again, those with type parameters left out.
func (p *Package) withoutGenerics() (*types.Package, error) {
	var files []*ast.File
	for _, file := range p.loaded.Syntax {
		reduced := *file
		reduced.Decls = nil
		for _, decl := range file.Decls {
			if kept := concrete(decl); kept != nil {
				reduced.Decls = append(reduced.Decls, kept)
			}
		}
		files = append(files, &reduced)
	}
	var problems error
	config := types.Config{
		IgnoreFuncBodies:         true,
		FakeImportC:              true,
		DisableUnusedImportCheck: true,
		Importer:                 imports(p.loaded.Types),
		Error:                    func(err error) { problems = errors.Join(problems, err) },
	}
	pkg, _ := config.Check(p.Path(), p.loaded.Fset, files, nil) // the error is among the problems
	if problems != nil {
		return nil, fmt.Errorf("%s has declarations that cannot do without its generic ones: %w", p.Path(), problems)
	}
	return pkg, nil
}

// concrete gives the declaration without what has type parameters, nil if nothing is left.
func concrete(decl ast.Decl) ast.Decl {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Type.TypeParams != nil || decl.Recv != nil && genericReceiver(decl.Recv.List[0].Type) {
			return nil
		}
	case *ast.GenDecl:
		kept := *decl
		kept.Specs = slices.DeleteFunc(slices.Clone(decl.Specs), func(spec ast.Spec) bool {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				return spec.TypeParams != nil
			case *ast.ValueSpec:
				return decl.Tok == token.VAR && spec.Names[0].Name == "_" // an assertion, maybe of a generic type
			}
			return false
		})
		if len(kept.Specs) == 0 {
			return nil
		}
		return &kept
	}
	return decl
}

func genericReceiver(expr ast.Expr) bool {
	switch expr := expr.(type) {
	case *ast.ParenExpr:
		return genericReceiver(expr.X)
	case *ast.StarExpr:
		return genericReceiver(expr.X)
	case *ast.IndexExpr, *ast.IndexListExpr:
		return true
	}
	return false
}

// imports gives the packages that a checked package imports.
type importsOf struct{ pkg *types.Package }

func imports(pkg *types.Package) types.Importer { return importsOf{pkg} }

func (i importsOf) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	for _, imported := range i.pkg.Imports() {
		if imported.Path() == path || strings.HasSuffix(imported.Path(), "/vendor/"+path) || imported.Path() == "vendor/"+path {
			return imported, nil
		}
	}
	return nil, fmt.Errorf("package %s is not among the imports of %s", path, i.pkg.Path())
}
