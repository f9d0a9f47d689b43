package interp

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// step is a part of a cell that runs in its turn.
type step struct {
	stmt  ast.Stmt       // as it stands in the source
	label *ast.Ident     // of a statement that declares, a step of its own
	init  *ast.FuncDecl  // a func init
	vars  *ast.ValueSpec // variables that become the package's
	group int            // of var: number of other steps before
	// short variable declarations:
	define  *ast.AssignStmt
	fresh   []bool          // which of its names are new
	checked *ast.AssignStmt // gives those that are not new their values, for the type checker only
}

// names are the identifiers to which the step assigns.
func (s *step) names() []ast.Expr {
	if s.define != nil {
		return s.define.Lhs
	}
	names := make([]ast.Expr, len(s.vars.Names))
	for i, n := range s.vars.Names {
		names[i] = n
	}
	return names
}

// values are the expressions that it assigns.
func (s *step) values() []ast.Expr {
	if s.define != nil {
		return s.define.Rhs
	}
	return s.vars.Values
}

// program is a cell taken apart for the type checker, which sees the package
//
//	import, const, type, var and func declarations; := as var
//	func cell() { the statements }
//
// as Go would: it orders initialisations and finds cycles.
type program struct {
	*syntax
	d        *diagnostics
	decls    []ast.Decl // all but the cell's function
	steps    []*step    // in the order of the source
	declared map[string]bool
	kept     map[string]*kept   // types and functions that it declares
	restored map[string]binding // those of earlier cells that are declared again
	entry    *ast.FuncDecl      // the cell's function
	last     *ast.ExprStmt      // what the cell shows
	spares   int
}

// newProgram takes a cell apart. It finds what is wrong with short variable declarations; the type checker, all else.
func newProgram(s *syntax) *program {
	p := &program{syntax: s, d: &diagnostics{syntax: s}, declared: map[string]bool{}, kept: map[string]*kept{}, restored: map[string]binding{}}
	var inits []*ast.FuncDecl
	for _, decl := range s.decls {
		p.decls = append(p.decls, decl)
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
			if f.Name.Name == "init" {
				inits = append(inits, f)
			} else {
				p.declared[f.Name.Name] = true
			}
		}
	}
	known := map[string]bool{} // variables so far
	group := 0
	for _, stmt := range s.body {
		// init runs when the variables declared around it have their values, as in Go
		_, declaration := stmt.(*ast.DeclStmt)
		for !declaration && len(inits) > 0 && s.offset(inits[0].Pos()) < s.offset(stmt.Pos()) {
			p.steps = append(p.steps, &step{init: inits[0]})
			inits = inits[1:]
		}
		before := len(p.steps)
		p.addStatement(stmt, known)
		for _, st := range p.steps[before:] {
			if st.vars == nil || st.define != nil {
				group++
			}
			st.group = group
		}
	}
	for _, f := range inits {
		p.steps = append(p.steps, &step{init: f})
	}
	p.findLast()
	p.entry = p.entryFunction()
	return p
}

// addStatement adds the steps of a statement at the top level.
func (p *program) addStatement(stmt ast.Stmt, known map[string]bool) {
	switch s := stmt.(type) {
	case *ast.LabeledStmt:
		if declares(s.Stmt) {
			p.steps = append(p.steps, &step{label: s.Label})
			p.addStatement(s.Stmt, known)
			return
		}
	case *ast.DeclStmt:
		p.addDeclaration(s.Decl.(*ast.GenDecl), known)
		return
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			p.addDefine(s, known)
			return
		}
	}
	p.steps = append(p.steps, &step{stmt: stmt})
}

// declares says whether a statement makes names of the package.
func declares(stmt ast.Stmt) bool {
	switch s := stmt.(type) {
	case *ast.DeclStmt:
		return true
	case *ast.LabeledStmt:
		return declares(s.Stmt)
	case *ast.AssignStmt:
		return s.Tok == token.DEFINE
	}
	return false
}

func (p *program) addDeclaration(decl *ast.GenDecl, known map[string]bool) {
	p.decls = append(p.decls, decl)
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			p.declared[spec.Name.Name] = true
		case *ast.ValueSpec:
			for _, n := range spec.Names {
				p.declared[n.Name] = true
				known[n.Name] = known[n.Name] || decl.Tok == token.VAR
			}
			if decl.Tok == token.VAR {
				p.steps = append(p.steps, &step{vars: spec})
			}
		}
	}
}

// addDefine makes a := one of the package's variables.
func (p *program) addDefine(s *ast.AssignStmt, known map[string]bool) {
	st := &step{define: s, fresh: make([]bool, len(s.Lhs))}
	repeated, any := map[string]bool{}, false
	for i, lhs := range s.Lhs {
		id, ok := lhs.(*ast.Ident)
		if !ok {
			p.d.add(lhs.Pos(), "non-name "+types.ExprString(lhs)+" on left side of :=")
			return
		}
		switch {
		case id.Name == "_":
			continue
		case repeated[id.Name]:
			p.d.add(id.Pos(), id.Name+" repeated on left side of :=")
			return
		case !known[id.Name]:
			st.fresh[i], any = true, true
		}
		repeated[id.Name] = true
	}
	if !any {
		p.d.add(s.TokPos, "no new variables on left side of :=")
		return
	}
	for name := range repeated {
		known[name], p.declared[name] = true, true
	}
	p.steps = append(p.steps, st)
	p.declareFresh(st)
}

// declareFresh declares the new names of a := to the type checker, and lets it check what the others are assigned.
func (p *program) declareFresh(st *step) {
	s := st.define
	spec := &ast.ValueSpec{}
	assign := &ast.AssignStmt{TokPos: s.TokPos, Tok: token.ASSIGN}
	pairs := len(s.Lhs) == len(s.Rhs)
	for i, lhs := range s.Lhs {
		id := lhs.(*ast.Ident)
		if pairs && !st.fresh[i] {
			assign.Lhs, assign.Rhs = append(assign.Lhs, id), append(assign.Rhs, s.Rhs[i])
			continue
		}
		if !st.fresh[i] && id.Name != "_" { // err in b, err := f()
			spare := p.spare(id.Pos(), s.Rhs)
			assign.Lhs = append(assign.Lhs, id)
			assign.Rhs = append(assign.Rhs, &ast.Ident{NamePos: s.Rhs[0].Pos(), Name: spare.Name})
			id = spare
		}
		spec.Names = append(spec.Names, id)
		if pairs {
			spec.Values = append(spec.Values, s.Rhs[i])
		}
	}
	if !pairs {
		spec.Values = s.Rhs
	}
	st.vars = spec
	if len(assign.Lhs) > 0 {
		st.checked = assign
	}
	p.decls = append(p.decls, &ast.GenDecl{TokPos: s.Pos(), Tok: token.VAR, Specs: []ast.Spec{spec}})
}

// spare is a variable that stands for one result of a call, named as the call is in messages.
func (p *program) spare(pos token.Pos, call []ast.Expr) *ast.Ident {
	p.spares++
	return &ast.Ident{NamePos: pos, Name: types.ExprString(call[0]) + strings.Repeat(marker, p.spares)}
}

// findLast finds the expression that the cell ends in.
func (p *program) findLast() {
	if len(p.steps) == 0 {
		return
	}
	last, ok := p.steps[len(p.steps)-1].stmt.(*ast.ExprStmt)
	if !ok {
		return
	}
	for _, decl := range p.decls {
		if p.offset(decl.Pos()) > p.offset(last.Pos()) {
			return
		}
	}
	p.last = last
}

// entryFunction is what the type checker sees of the statements. It is named as positions name the cell, which no other
// function can be.
func (p *program) entryFunction() *ast.FuncDecl {
	f := p.starts[1]
	pos, end := token.Pos(f.file.Base()+f.prefix), token.Pos(f.file.Base()+f.file.Size())
	body := &ast.BlockStmt{Lbrace: pos, Rbrace: end - 1}
	for _, st := range p.steps {
		if st.label != nil {
			body.List = append(body.List, labeled(st.label))
		}
		if st.stmt != nil {
			body.List = append(body.List, st.stmt)
		}
		if st.checked != nil {
			body.List = append(body.List, st.checked)
		}
	}
	return &ast.FuncDecl{
		Name: &ast.Ident{NamePos: pos, Name: fileName(p.cell.Number)},
		Type: &ast.FuncType{Func: pos, Params: &ast.FieldList{Opening: pos, Closing: pos}},
		Body: body,
	}
}

// labeled is a label before nothing.
func labeled(label *ast.Ident) *ast.LabeledStmt {
	empty := &ast.EmptyStmt{Semicolon: label.End(), Implicit: true}
	return &ast.LabeledStmt{Label: label, Colon: label.End(), Stmt: empty}
}
