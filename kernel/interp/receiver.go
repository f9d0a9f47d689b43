package interp

import (
	"go/ast"
	"go/types"
)

// unaliased is the name of the type that a receiver's name stands for: that is the one to be declared again.
func (p *program) unaliased(name string, live *names) string {
	for range 100 { // an alias of itself is for the type checker to find
		aliased := p.aliased(name, live)
		if aliased == "" {
			break
		}
		name = aliased
	}
	return name
}

// aliased is what an alias, of this cell or an earlier one, is declared to be; empty if name is none, or not for a name.
func (p *program) aliased(name string, live *names) string {
	if p.declared[name] {
		for _, decl := range p.decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range group.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok && t.Name.Name == name && t.Assign.IsValid() {
					id, _ := t.Type.(*ast.Ident)
					return nameOf(id)
				}
			}
		}
		return ""
	}
	b, _ := live.lookup(name)
	alias, ok := b.object.(*types.TypeName)
	if !ok || !alias.IsAlias() {
		return ""
	}
	named, ok := types.Unalias(alias.Type()).(*types.Named)
	if !ok {
		return ""
	}
	if target, _ := live.lookup(named.Obj().Name()); target.object != types.Object(named.Obj()) {
		return "" // the type has been declared anew since
	}
	return named.Obj().Name()
}

// receiver is the name of the type whose method f is.
func receiver(f *ast.FuncDecl) string { return nameOf(receiverName(f)) }

func nameOf(id *ast.Ident) string {
	if id == nil {
		return ""
	}
	return id.Name
}

// receiverName is where f names the type whose method it is; nil if it does not.
func receiverName(f *ast.FuncDecl) *ast.Ident {
	expr := f.Recv.List[0].Type
	for {
		switch x := expr.(type) {
		case *ast.StarExpr:
			expr = x.X
		case *ast.ParenExpr:
			expr = x.X
		case *ast.IndexExpr:
			expr = x.X
		case *ast.IndexListExpr:
			expr = x.X
		case *ast.Ident:
			return x
		default:
			return nil
		}
	}
}
