package bind

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/format"
	"go/token"
	"go/types"
	"os"
	"slices"
)

// place is where an object of the package is declared: nodes are the declaration and, of a type, its methods'.
type place struct {
	nodes  []ast.Node
	prefix string // what stands before the first
}

// extraction takes declarations out of a package.
type extraction struct {
	pkg     *Package
	mention map[types.Object]bool
	places  map[types.Object]place
	aliases map[string]string // of imported packages, by path
}

// apart tells whether an object of the package is not among its concrete part.
func (e *extraction) apart(object types.Object) bool { return isGeneric(object) || e.mention[object] }

// isBodiless tells whether a function is declared only, since compiled code has it.
func (e *extraction) isBodiless(object types.Object) bool {
	_, ok := object.(*types.Func)
	return ok && object.Exported() && !isGeneric(object)
}

// index finds where everything is declared.
func (e *extraction) index() {
	info := e.pkg.loaded.TypesInfo
	var methods []*ast.FuncDecl
	for _, file := range e.pkg.loaded.Syntax {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv != nil {
					methods = append(methods, decl)
				} else {
					e.places[info.Defs[decl.Name]] = place{[]ast.Node{decl}, ""}
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if named, ok := spec.(*ast.TypeSpec); ok {
						e.places[info.Defs[named.Name]] = place{[]ast.Node{named}, "type "}
					}
				}
			}
		}
	}
	for _, method := range methods {
		receiver := info.Defs[method.Name].(*types.Func).Signature().Recv().Type()
		if pointer, ok := receiver.(*types.Pointer); ok {
			receiver = pointer.Elem()
		}
		if named, ok := types.Unalias(receiver).(*types.Named); ok {
			object := types.Object(named.Obj())
			at := e.places[object]
			at.nodes = append(at.nodes, method)
			e.places[object] = at
		}
	}
}

// close adds to a closure what an object's declaration uses and cannot take from the compiled package. It tells whether
// all of that can be copied.
func (e *extraction) close(object types.Object, closure map[types.Object]bool) bool {
	if closure[object] {
		return true
	}
	closure[object] = true
	if len(e.places[object].nodes) == 0 && isVariable(object) {
		return false
	}
	for _, node := range e.places[object].nodes {
		for _, used := range e.uses(e.part(object, node)) {
			switch {
			case e.foreign(used.object):
				if !e.pkg.reaches(used.object) {
					return false
				}
			case used.object.Exported() && !e.apart(used.object):
			case isVariable(used.object):
				return false
			case !e.close(used.object, closure):
				return false
			}
		}
	}
	return true
}

// reaches tells whether a cell sees an object of another package.
func (p *Package) reaches(object types.Object) bool {
	path := object.Pkg().Path()
	sibling := p.siblings[path]
	if sibling == nil {
		return p.bound[path]
	}
	part, err := sibling.generics()
	return err == nil && !slices.Contains(part.left, object.Name())
}

func isVariable(object types.Object) bool {
	_, ok := object.(*types.Var)
	return ok
}

// foreign tells whether an object belongs to another package.
func (e *extraction) foreign(object types.Object) bool { return object.Pkg() != e.pkg.loaded.Types }

// use is a name that stands for an object of some package's scope, or qualified one.
type use struct {
	object   types.Object
	from, to token.Pos
}

// uses lists the names in a node that stand for what is declared at the top of this or another package, in order.
func (e *extraction) uses(node ast.Node) []use {
	info := e.pkg.loaded.TypesInfo
	var found []use
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if name, ok := n.X.(*ast.Ident); ok {
				if _, ok := info.Uses[name].(*types.PkgName); ok {
					found = append(found, use{info.Uses[n.Sel], n.Pos(), n.End()})
					return false
				}
			}
		case *ast.Ident:
			if object := info.Uses[n]; object != nil && object.Pkg() != nil && object.Parent() == object.Pkg().Scope() {
				found = append(found, use{object, n.Pos(), n.End()})
			}
		}
		return true
	})
	return slices.DeleteFunc(found, func(u use) bool { return u.object == nil || u.object.Pkg() == nil })
}

// write prints the declarations of the chosen objects, each name that is not among them qualified by its package.
func (e *extraction) write(chosen map[types.Object]bool) ([]byte, error) {
	objects := make([]types.Object, 0, len(chosen))
	for object := range chosen {
		objects = append(objects, object)
	}
	slices.SortFunc(objects, func(a, b types.Object) int { return cmp.Compare(a.Name(), b.Name()) })
	var body bytes.Buffer
	for _, object := range objects {
		if value, ok := object.(*types.Const); ok {
			fmt.Fprintf(&body, "const %s %s = %s\n\n", value.Name(), e.constType(value, chosen), exact(value.Val()))
			continue
		}
		at := e.places[object]
		for i, node := range at.nodes {
			if i == 0 {
				body.WriteString(at.prefix)
			}
			if err := e.print(&body, e.part(object, node), chosen); err != nil {
				return nil, err
			}
			body.WriteString("\n\n")
		}
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "package %s\n\nimport (\n", e.pkg.loaded.Name)
	paths := make([]string, 0, len(e.aliases))
	for path := range e.aliases {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		fmt.Fprintf(&out, "\t%s %q\n", e.aliases[path], path)
	}
	fmt.Fprintf(&out, ")\n\n%s", body.Bytes())
	return format.Source(out.Bytes())
}

// constType is empty for an untyped constant.
func (e *extraction) constType(value *types.Const, chosen map[types.Object]bool) string {
	if basic, ok := value.Type().(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 {
		return ""
	}
	return types.TypeString(value.Type(), func(pkg *types.Package) string {
		if named, ok := value.Type().(*types.Named); ok && chosen[named.Obj()] {
			return ""
		}
		return e.alias(pkg.Path())
	})
}

// part gives what of a node is copied: of a function that compiled code has, all but the body.
func (e *extraction) part(object types.Object, node ast.Node) ast.Node {
	if function, ok := node.(*ast.FuncDecl); ok && e.isBodiless(object) {
		declared := *function
		declared.Body, declared.Doc = nil, nil
		return &declared
	}
	return node
}

func exact(value constant.Value) string {
	if value.Kind() == constant.Float {
		return constant.ToFloat(value).ExactString()
	}
	return value.ExactString()
}

// alias is the name by which the file imports a package.
func (e *extraction) alias(path string) string {
	if e.aliases[path] == "" {
		e.aliases[path] = fmt.Sprintf("imported%d", len(e.aliases))
	}
	return e.aliases[path]
}

// print copies a declaration's source, qualifying names.
func (e *extraction) print(out *bytes.Buffer, node ast.Node, chosen map[types.Object]bool) error {
	fset := e.pkg.loaded.Fset
	source, err := os.ReadFile(fset.Position(node.Pos()).Filename)
	if err != nil {
		return fmt.Errorf("reading %s: %w", e.pkg.Path(), err)
	}
	at := func(pos token.Pos) int { return fset.PositionFor(pos, false).Offset }
	last := at(node.Pos())
	for _, u := range e.uses(node) {
		if chosen[u.object] {
			continue
		}
		out.Write(source[last:at(u.from)])
		fmt.Fprintf(out, "%s.%s", e.alias(u.object.Pkg().Path()), u.object.Name())
		last = at(u.to)
	}
	out.Write(source[last:at(node.End())])
	return nil
}
