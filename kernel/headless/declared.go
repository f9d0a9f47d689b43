package headless

import (
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"time"
)

// unknown is the type of a parameter whose type cannot be told from its cell alone.
const unknown = "unknown"

// declared returns the variables and constants that a cell declares at its top level. Of packages it knows only time, and
// of that only durations: what has its type from elsewhere is of the type unknown.
func declared(source string) ([]Parameter, error) {
	fset := token.NewFileSet()
	imports, body := splitImports(source)
	// A cell mixes statements and declarations: together they are a function's body.
	file, parseErr := parser.ParseFile(fset, "", "package cell\n"+imports+"\nfunc _() {\n"+body+"\n}", parser.SkipObjectResolution)
	if file == nil {
		return nil, parseErr
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: onlyTime{}, Error: func(error) {}} // what cannot be typed is left invalid
	_, _ = config.Check("cell", fset, []*ast.File{file}, info)

	var parameters []Parameter
	for _, name := range namesIn(file) {
		switch object := info.Defs[name].(type) {
		case *types.Var:
			parameters = append(parameters, newParameter(object, false))
		case *types.Const:
			parameters = append(parameters, newParameter(object, true))
		}
	}
	if len(parameters) == 0 && parseErr != nil {
		return nil, fmt.Errorf("this is not Go: %w", parseErr)
	}
	return parameters, nil
}

// splitImports cuts the import declarations off the head of a cell.
func splitImports(source string) (imports, rest string) {
	const clause = "package cell\n"
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", clause+source, parser.ImportsOnly)
	if file == nil || len(file.Decls) == 0 {
		return "", source
	}
	end := fset.Position(file.Decls[len(file.Decls)-1].End()).Offset - len(clause)
	return source[:end], source[end:]
}

// namesIn returns the names that the last function of a file declares, but for those inside blocks.
func namesIn(file *ast.File) []*ast.Ident {
	var names []*ast.Ident
	body, ok := file.Decls[len(file.Decls)-1].(*ast.FuncDecl)
	if !ok || body.Body == nil {
		return nil
	}
	for _, statement := range body.Body.List {
		switch s := statement.(type) {
		case *ast.AssignStmt:
			for _, left := range s.Lhs {
				if name, ok := left.(*ast.Ident); ok && s.Tok == token.DEFINE {
					names = append(names, name)
				}
			}
		case *ast.DeclStmt:
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				if values, ok := spec.(*ast.ValueSpec); ok {
					names = append(names, values.Names...)
				}
			}
		}
	}
	return names
}

// newParameter describes a variable or a constant.
func newParameter(object types.Object, isConstant bool) Parameter {
	p := Parameter{Name: object.Name(), constant: isConstant}
	if basic, ok := object.Type().(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 {
		p.untyped = true
	}
	t := types.Default(object.Type())
	p.Type = types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "cell" {
			return ""
		}
		return p.Name()
	})
	p.kind = t.Underlying()
	if p.kind == types.Typ[types.Invalid] {
		p.Type = unknown
	}
	return p
}

// onlyTime imports a package time of nothing but durations, whatever else it is asked for.
type onlyTime struct{}

// Import returns that package, or an error.
func (onlyTime) Import(path string) (*types.Package, error) {
	if path != "time" {
		return nil, errors.New("not known here")
	}
	pkg := types.NewPackage(path, path)
	name := types.NewTypeName(token.NoPos, pkg, "Duration", nil)
	duration := types.NewNamed(name, types.Typ[types.Int64], nil)
	pkg.Scope().Insert(name)
	for unit, d := range map[string]time.Duration{
		"Nanosecond": time.Nanosecond, "Microsecond": time.Microsecond, "Millisecond": time.Millisecond,
		"Second": time.Second, "Minute": time.Minute, "Hour": time.Hour,
	} {
		pkg.Scope().Insert(types.NewConst(token.NoPos, pkg, unit, duration, constant.MakeInt64(int64(d))))
	}
	pkg.MarkComplete()
	return pkg, nil
}
