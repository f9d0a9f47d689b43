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
	part, err := p.concrete()
	if err != nil {
		return nil, err
	}
	var data bytes.Buffer
	if err := gcexportdata.Write(&data, token.NewFileSet(), part.pkg); err != nil {
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

// concretePart is a package without its generic declarations and without those that mention them.
type concretePart struct {
	pkg     *types.Package
	mention map[types.Object]bool // what is left out since it mentions generic declarations
}

// withoutGenerics checks the package's declarations again, those with type parameters left out, and those that cannot do
// without them.
func (p *Package) withoutGenerics() (*concretePart, error) {
	if len(p.Generics()) == 0 {
		return &concretePart{pkg: p.loaded.Types}, nil
	}
	mention := map[types.Object]bool{}
	without := map[token.Pos]bool{} // where the names are declared
	for {
		pkg, problems := p.reduced(without)
		if len(problems) == 0 {
			return &concretePart{pkg, mention}, nil
		}
		known := len(without)
		for _, problem := range problems {
			if name := p.declaredAround(problem.Pos); name != nil {
				without[name.Pos()] = true
				mention[p.loaded.TypesInfo.Defs[name]] = true
			}
		}
		if len(without) == known {
			return nil, fmt.Errorf("the types of %s without the generic ones: %w", p.Path(), problems[0])
		}
	}
}

// reduced checks the package's declarations without those that have type parameters, and without some others.
func (p *Package) reduced(without map[token.Pos]bool) (*types.Package, []types.Error) {
	var files []*ast.File
	for _, file := range p.loaded.Syntax {
		reduced := *file
		reduced.Decls = nil
		for _, decl := range file.Decls {
			if kept := reduce(decl, without); kept != nil {
				reduced.Decls = append(reduced.Decls, kept)
			}
		}
		files = append(files, &reduced)
	}
	var problems []types.Error
	config := types.Config{
		IgnoreFuncBodies:         true,
		FakeImportC:              true,
		DisableUnusedImportCheck: true,
		Importer:                 imports(p.loaded.Types),
		Error: func(err error) {
			if problem := (types.Error{}); errors.As(err, &problem) {
				problems = append(problems, problem)
			}
		},
	}
	pkg, _ := config.Check(p.Path(), p.loaded.Fset, files, nil) // the error is among the problems
	return pkg, problems
}

// declaredAround gives the name whose declaration contains a position, nil for none.
func (p *Package) declaredAround(pos token.Pos) *ast.Ident {
	for _, file := range p.loaded.Syntax {
		for _, decl := range file.Decls {
			if pos < decl.Pos() || decl.End() <= pos {
				continue
			}
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				return decl.Name
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec.Pos() <= pos && pos < spec.End() {
						return specName(spec)
					}
				}
			}
		}
	}
	return nil
}

// specName is the first name that a type, variable or constant specification declares.
func specName(spec ast.Spec) *ast.Ident {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		return spec.Name
	case *ast.ValueSpec:
		return spec.Names[0]
	}
	return nil
}

// reduce gives the declaration without what has type parameters or is unwanted, nil if nothing is left.
func reduce(decl ast.Decl, without map[token.Pos]bool) ast.Decl {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if without[decl.Name.Pos()] || decl.Type.TypeParams != nil || decl.Recv != nil && genericReceiver(decl.Recv.List[0].Type) {
			return nil
		}
	case *ast.GenDecl:
		kept := *decl
		kept.Specs = slices.DeleteFunc(slices.Clone(decl.Specs), func(spec ast.Spec) bool {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				return spec.TypeParams != nil || without[spec.Name.Pos()]
			case *ast.ValueSpec:
				return without[spec.Names[0].Pos()] || decl.Tok == token.VAR && spec.Names[0].Name == "_" // an assertion, maybe of a generic type
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
