package interp

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A cell that is run again often declares types as they are already. These stay the same types, so that values of other
// cells still fit, and nothing piles up.

// unchanged finds the types that the cell declares with the very source that they have. A method that another cell added
// may be missing.
func (p *program) unchanged(live *names) []string {
	var found []string
	for name, kept := range p.kept {
		if b, _ := live.lookup(name); kept.isType() && b.kept != nil && kept.within(b.kept) {
			found = append(found, name)
		}
	}
	return found
}

// within says whether k declares the type as old does, but for methods from other cells.
func (k *kept) within(old *kept) bool {
	if k.source.text != old.source.text {
		return false
	}
	for method, f := range k.methods {
		if f.text != old.methods[method].text {
			return false
		}
	}
	for method, f := range old.methods {
		if _, ok := k.methods[method]; !ok && f.cell == old.source.cell {
			return false
		}
	}
	return true
}

// drop takes the declarations of types, with their methods, out of the cell.
func (p *program) drop(names []string) {
	dropped := func(name string) bool { return slices.Contains(names, name) }
	p.decls = slices.DeleteFunc(p.decls, func(decl ast.Decl) bool {
		switch d := decl.(type) {
		case *ast.GenDecl:
			if d.Tok == token.TYPE {
				d.Specs = slices.DeleteFunc(d.Specs, func(s ast.Spec) bool { return dropped(s.(*ast.TypeSpec).Name.Name) })
				return len(d.Specs) == 0
			}
		case *ast.FuncDecl:
			return d.Recv != nil && len(d.Recv.List) == 1 && dropped(receiver(d))
		}
		return false
	})
	for _, name := range names {
		delete(p.declared, name)
		delete(p.kept, name)
	}
}

// same says whether what the sources of types mention is, once the cell's names are live, what it was.
func (d *declarations) same(names []string, live *names) bool {
	for _, name := range names {
		b, _ := live.lookup(name)
		for used, object := range b.kept.uses {
			now, ok := d.names[used]
			if !ok {
				now, _ = live.lookup(used)
			}
			if !sameObject(now.object, object) {
				return false
			}
		}
	}
	return true
}

func sameObject(a, b types.Object) bool {
	p, ok := a.(*types.PkgName)
	q, both := b.(*types.PkgName)
	if ok && both {
		return p.Imported() == q.Imported()
	}
	return a == b
}

// noteUses notes what the sources of the cell's types and functions mention.
func (l *lowered) noteUses(live *names) {
	for _, kept := range l.kept {
		kept.uses = map[string]types.Object{}
	}
	note := func(n ast.Node, kept *kept) {
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if object := l.info.Uses[id]; ok && object != nil {
				b, _ := live.lookup(id.Name)
				if l.fresh[id.Name] == object || sameObject(b.object, object) {
					kept.uses[id.Name] = object
				}
			}
			return true
		})
	}
	for _, decl := range l.file.Decls {
		switch d := decl.(type) {
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok && l.kept[t.Name.Name] != nil {
					note(t, l.kept[t.Name.Name])
				}
			}
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil && len(d.Recv.List) == 1 {
				name = receiver(d)
			}
			if l.kept[name] != nil {
				note(d, l.kept[name])
			}
		}
	}
}
