package interp

import (
	"go/token"
	"go/types"
	"maps"
	"sync"
)

// binding is what a live name stands for.
type binding struct {
	object types.Object // a *types.PkgName for an imported package
	doc    string       // the comment of its declaration
	kept   *kept        // of a type that the notebook declared
}

// names are the notebook's live names: what the next cell can use. Safe for concurrent use.
type names struct {
	mu          sync.RWMutex
	live        map[string]binding
	dots        []*types.Package // imported into the notebook's own scope, the latest last
	predeclared map[string]binding
}

func newNames() *names {
	return &names{live: map[string]binding{}, predeclared: map[string]binding{}}
}

// lookup finds what a name stands for.
func (n *names) lookup(name string) (binding, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	if b, ok := n.live[name]; ok {
		return b, true
	}
	if token.IsExported(name) {
		for i := len(n.dots) - 1; i >= 0; i-- {
			if object := n.dots[i].Scope().Lookup(name); object != nil {
				return binding{object: object}, true
			}
		}
	}
	b, ok := n.predeclared[name]
	return b, ok
}

// variable finds the variable of a cell that a name stands for.
func (n *names) variable(name string) (*types.Var, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	v, ok := n.live[name].object.(*types.Var)
	return v, ok
}

// all returns every name with what it stands for, the predeclared ones too.
func (n *names) all() map[string]binding {
	n.mu.RLock()
	defer n.mu.RUnlock()
	all := make(map[string]binding, len(n.live)+len(n.predeclared))
	maps.Copy(all, n.predeclared)
	for _, pkg := range n.dots {
		for _, name := range pkg.Scope().Names() {
			if token.IsExported(name) {
				all[name] = binding{object: pkg.Scope().Lookup(name)}
			}
		}
	}
	maps.Copy(all, n.live)
	return all
}

// declare makes names live.
func (n *names) declare(fresh map[string]binding, dots []*types.Package) {
	n.mu.Lock()
	defer n.mu.Unlock()
	maps.Copy(n.live, fresh)
	n.dots = append(n.dots, dots...)
}

// reset forgets all but what is predeclared.
func (n *names) reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.live, n.dots = map[string]binding{}, nil
}

// settle makes the live names predeclared ones, which cells can hide but not change.
func (n *names) settle() {
	n.mu.Lock()
	defer n.mu.Unlock()
	maps.Copy(n.predeclared, n.live)
	n.live = map[string]binding{}
}

// in returns the object as a package's scope takes it. An imported package's name belongs to one package only.
func (b binding) in(pkg *types.Package) types.Object {
	if imported, ok := b.object.(*types.PkgName); ok {
		return types.NewPkgName(token.NoPos, pkg, imported.Name(), imported.Imported())
	}
	return b.object
}

// proxy returns an object that stands for the binding under another name.
func (b binding) proxy(pkg *types.Package, name string) types.Object {
	switch o := b.object.(type) {
	case *types.PkgName:
		return types.NewPkgName(token.NoPos, pkg, name, o.Imported())
	case *types.Const:
		return types.NewConst(token.NoPos, pkg, name, o.Type(), o.Val())
	case *types.TypeName:
		return types.NewTypeName(token.NoPos, pkg, name, o.Type())
	case *types.Func:
		return types.NewFunc(token.NoPos, pkg, name, o.Signature())
	}
	return types.NewVar(token.NoPos, pkg, name, b.object.Type())
}
