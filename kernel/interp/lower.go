package interp

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// lowered is a cell as the back end takes it: its variables without values, and a function that gives them theirs in
// turn. The functions that can be redefined became variables too. It is made by changing the checked syntax tree and
// what the checker found, since a second check would cost as much again.
type lowered struct {
	*checked
	show     *types.Var                    // holds the function to which the values of the last expression go
	fresh    map[string]types.Object       // what the cell declares
	replaced map[types.Object]types.Object // objects that code refers to instead of the checker's
	members  []*ast.Ident                  // new package variables
	code     []ast.Stmt
}

// lower prepares a cell without errors for the back end.
func (in *Interp) lower(c *checked) *lowered {
	l := &lowered{checked: c, show: in.show, fresh: map[string]types.Object{}, replaced: c.proxies}
	steps := c.ordered()
	for name := range c.declared {
		if object := c.pkg.Scope().Lookup(name); object != nil {
			l.fresh[name] = object
		}
	}
	decls := l.lowerDecls(in.names)
	reused := l.lowerVariables(in.names)
	for id, object := range c.info.Uses {
		if instead, ok := l.replaced[object]; ok {
			c.info.Uses[id] = instead
		}
	}
	for _, st := range steps {
		l.lowerStep(st, reused)
	}
	if len(l.members) > 0 {
		decls = append(decls, l.variables())
	}
	c.entry.Body.List = l.code
	c.file.Decls = append(decls, c.entry)
	c.info.InitOrder = nil
	l.pkg.SetImports(l.packages())
	l.tidyScope()
	l.noteUses(in.names)
	return l
}

// packages are the bound ones that the code uses, whichever cell imported them.
func (l *lowered) packages() []*types.Package {
	var used []*types.Package
	for _, object := range l.info.Uses {
		if pkg := object.Pkg(); pkg != nil && pkg.Path() != cellPath && !slices.Contains(used, pkg) {
			used = append(used, pkg)
		}
	}
	return used
}

// tidyScope leaves in the package's scope only what the cell declares: the back end looks there for what later cells use,
// and what earlier cells declared must not live as long as this one's package.
func (l *lowered) tidyScope() {
	scope := l.pkg.Scope()
	*scope = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "cell")
	for _, object := range l.fresh {
		if object.Pkg() == l.pkg {
			scope.Insert(object)
		}
	}
}

// lowerDecls keeps the declarations other than of variables and imports. A function that is not generic becomes a variable,
// and the declared function its first value.
func (l *lowered) lowerDecls(live *names) []ast.Decl {
	var decls []ast.Decl
	for _, decl := range l.decls {
		switch d := decl.(type) {
		case *ast.GenDecl:
			if d.Tok == token.VAR || d.Tok == token.IMPORT {
				continue
			}
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv == nil && d.Type.TypeParams == nil && name != "_" && name != "init" {
				l.lowerFunction(d, live)
			}
		}
		decls = append(decls, decl)
	}
	return decls
}

// lowerFunction makes a variable of a function. Both have the name, but only the variable is in the package's scope.
func (l *lowered) lowerFunction(d *ast.FuncDecl, live *names) {
	declared := l.info.Defs[d.Name].(*types.Func)
	code := types.NewFunc(declared.Pos(), l.pkg, declared.Name(), declared.Signature())
	l.info.Defs[d.Name] = code
	variable, ok := reusable(live, types.NewVar(declared.Pos(), l.pkg, declared.Name(), declared.Type()))
	if !ok {
		l.member(d.Name.Pos(), variable)
	}
	l.fresh[variable.Name()] = variable
	l.replaced[declared] = variable
	l.code = append(l.code, l.assign(d.Pos(), l.use(d.Name.Pos(), variable), l.use(d.Name.Pos(), code)))
}

// lowerVariables makes members of the cell's variables, except those whose names stand for one of the same type already:
// that one gets the new value, so that earlier code sees it. It returns the latter.
func (l *lowered) lowerVariables(live *names) map[string]bool {
	reused := map[string]bool{}
	for _, st := range l.steps {
		if st.vars == nil {
			continue
		}
		for _, id := range st.vars.Names {
			v, ok := l.info.Defs[id].(*types.Var)
			if !ok || id.Name == "_" || strings.HasSuffix(id.Name, marker) {
				continue
			}
			delete(l.info.Defs, id)
			if old, ok := reusable(live, v); ok {
				l.replaced[v] = old
				l.fresh[id.Name] = old
				l.info.Uses[id] = old
				reused[id.Name] = true
				continue
			}
			l.info.Uses[id] = v
			l.member(id.Pos(), v)
		}
	}
	return reused
}

// reusable finds the notebook's variable of the same name and type as v; if there is none, it is v.
func reusable(live *names, v *types.Var) (*types.Var, bool) {
	old, ok := live.variable(v.Name())
	if !ok || !types.Identical(old.Type(), v.Type()) {
		return v, false
	}
	return old, true
}

// lowerStep adds the code of a step.
func (l *lowered) lowerStep(st *step, reused map[string]bool) {
	switch {
	case st.label != nil:
		l.code = append(l.code, labeled(st.label))
	case st.init != nil:
		l.code = append(l.code, l.call(st.init.Pos(), l.use(st.init.Pos(), l.info.Defs[st.init.Name])))
	case st.vars == nil && l.last != nil && st.stmt == l.last:
		l.code = append(l.code, l.lastStatement())
	case st.vars == nil:
		l.code = append(l.code, st.stmt)
	default:
		l.lowerAssignment(st, reused)
	}
}

// lowerAssignment assigns a declaration's values to its variables.
func (l *lowered) lowerAssignment(st *step, reused map[string]bool) {
	lhs, rhs := st.names(), st.values()
	if len(rhs) > 0 {
		l.code = append(l.code, &ast.AssignStmt{Lhs: lhs, TokPos: lhs[0].Pos(), Tok: token.ASSIGN, Rhs: rhs})
		return
	}
	for _, expr := range lhs {
		id := expr.(*ast.Ident)
		if id.Name != "_" && l.zeroed(st, reused[id.Name]) {
			l.code = append(l.code, l.zero(id)...)
		}
	}
}

// zero assigns a variable its zero value, that of a new local variable.
func (l *lowered) zero(id *ast.Ident) []ast.Stmt {
	object := l.info.Uses[id]
	local := &ast.Ident{NamePos: id.Pos(), Name: id.Name + marker}
	l.info.Defs[local] = types.NewVar(id.Pos(), l.pkg, local.Name, object.Type())
	declare := &ast.GenDecl{TokPos: id.Pos(), Tok: token.VAR, Specs: []ast.Spec{&ast.ValueSpec{Names: []*ast.Ident{local}}}}
	return []ast.Stmt{&ast.DeclStmt{Decl: declare}, l.assign(id.Pos(), id, l.use(id.Pos(), l.info.Defs[local]))}
}

// lastStatement is the cell's last expression, shown if it has values to show.
func (l *lowered) lastStatement() ast.Stmt {
	x := l.last.X
	tv := l.info.Types[x]
	if l.silent || tv.IsVoid() || tv.IsBuiltin() || l.prints(x) {
		l.settle(x)
		return l.last
	}
	l.settle(x)
	return l.call(x.Pos(), l.use(x.Pos(), l.show), x)
}

// prints says whether an expression is a call of fmt.Print and the like, of whose results nobody asks.
func (l *lowered) prints(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	f := typeutil.StaticCallee(l.info, call)
	return f != nil && f.Pkg() != nil && f.Pkg().Path() == "fmt" && strings.Contains(f.Name(), "rint") && f.Signature().Results().Len() == 2
}

// settle gives constants that have no type yet the one that they have by default.
func (l *lowered) settle(x ast.Expr) {
	ast.Inspect(x, func(n ast.Node) bool {
		if expr, ok := n.(ast.Expr); ok {
			if tv := l.info.Types[expr]; tv.Type != nil {
				tv.Type = types.Default(tv.Type)
				l.info.Types[expr] = tv
			}
		}
		return true
	})
}

// member makes v one of the package's variables.
func (l *lowered) member(pos token.Pos, v *types.Var) {
	id := &ast.Ident{NamePos: pos, Name: v.Name()}
	l.info.Defs[id] = v
	l.members = append(l.members, id)
}

// variables declares the members.
func (l *lowered) variables() *ast.GenDecl {
	return &ast.GenDecl{TokPos: l.entry.Pos(), Tok: token.VAR, Specs: []ast.Spec{&ast.ValueSpec{Names: l.members}}}
}

// use is an identifier that stands for an object.
func (l *lowered) use(pos token.Pos, object types.Object) *ast.Ident {
	id := &ast.Ident{NamePos: pos, Name: object.Name()}
	l.info.Uses[id] = object
	return id
}

func (l *lowered) assign(pos token.Pos, to, value ast.Expr) ast.Stmt {
	return &ast.AssignStmt{Lhs: []ast.Expr{to}, TokPos: pos, Tok: token.ASSIGN, Rhs: []ast.Expr{value}}
}

// call is the call of a function without results.
func (l *lowered) call(pos token.Pos, f ast.Expr, args ...ast.Expr) ast.Stmt {
	call := &ast.CallExpr{Fun: f, Lparen: pos, Args: args, Rparen: pos}
	l.info.Types[call] = types.TypeAndValue{Type: (*types.Tuple)(nil)}
	return &ast.ExprStmt{X: call}
}
