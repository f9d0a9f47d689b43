package interp

import (
	"go/ast"
	"go/types"
)

// ordered arranges the steps as they run: in the order of the source, except that a var declaration comes after those that
// its values need, as Go initialises a package's variables. A row of var declarations follows Go's order entirely.
func (c *checked) ordered() []*step {
	byValue := map[ast.Expr]*step{}
	for _, st := range c.steps {
		if st.vars != nil && st.define == nil {
			for _, v := range st.vars.Values {
				byValue[v] = st
			}
		}
	}
	var initial []*step // var declarations in Go's order
	for _, init := range c.info.InitOrder {
		if st := byValue[init.Rhs]; st != nil && (len(initial) == 0 || initial[len(initial)-1] != st) {
			initial = append(initial, st)
		}
	}
	needs := c.needs()
	var out []*step
	done := map[*step]bool{}
	emit := func(st *step) {
		if !done[st] {
			done[st] = true
			out = append(out, st)
		}
	}
	for _, st := range c.steps {
		if st.vars != nil && st.define == nil && len(st.vars.Values) > 0 {
			needed := needs(st)
			for _, before := range initial {
				if before == st {
					break
				}
				if needed[before] || before.group == st.group {
					emit(before)
				}
			}
		}
		emit(st)
	}
	return out
}

// needs returns a function that finds the var declarations on which the values of one depend, through functions too.
func (c *checked) needs() func(*step) map[*step]bool {
	declared := map[types.Object]ast.Node{} // what to search for an object's uses
	steps := map[types.Object]*step{}
	for _, st := range c.steps {
		if st.vars != nil && st.define == nil {
			for _, id := range st.vars.Names {
				declared[c.info.Defs[id]], steps[c.info.Defs[id]] = st.vars, st
			}
		}
	}
	for _, decl := range c.decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			declared[c.info.Defs[f.Name]] = f
		}
	}
	return func(st *step) map[*step]bool {
		needed := map[*step]bool{}
		seen := map[ast.Node]bool{}
		var visit func(ast.Node)
		visit = func(n ast.Node) {
			if seen[n] {
				return
			}
			seen[n] = true
			ast.Inspect(n, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				if !ok {
					return true
				}
				object := c.info.Uses[id]
				if before := steps[object]; before != nil {
					needed[before] = true
				}
				if used := declared[object]; used != nil {
					visit(used)
				}
				return true
			})
		}
		visit(st.vars)
		return needed
	}
}

// zeroed says whether a var declaration without values has work to do: its variable may have held something.
func (c *checked) zeroed(st *step, reused bool) bool {
	if st.define != nil || len(st.vars.Values) > 0 {
		return false
	}
	return reused || c.labels()
}

// labels says whether the cell has labels, so that a goto may come back to a declaration.
func (c *checked) labels() bool {
	for _, st := range c.steps {
		if _, ok := st.stmt.(*ast.LabeledStmt); ok || st.label != nil {
			return true
		}
	}
	return false
}
