package exec

import (
	"go/token"
	"go/types"
	"sync"

	"golang.org/x/tools/go/ssa"
)

// program is a set of packages in SSA form. Most cells have one of their own, which goes when nothing refers to the cell's
// functions any more; what other cells build on, types with methods and generic functions, stays in the machine's lasting one.
type program struct {
	machine   *Machine
	ssa       *ssa.Program
	functions sync.Map // *ssa.Function -> *function
	files     sync.Map // *ssa.Package -> *token.FileSet
	guards    sync.Map // *ssa.Global -> func() unsafe.Pointer
}

func newProgram(m *Machine, p *ssa.Program) *program {
	return &program{machine: m, ssa: p}
}

// passing tells whether a unit declares nothing that the SSA of later units would need, and instantiates nothing.
func passing(info *types.Info) bool {
	if len(info.Instances) > 0 {
		return false
	}
	for _, object := range info.Defs {
		switch object := object.(type) {
		case *types.TypeName:
			return false
		case *types.Func:
			if object.Signature().TypeParams() != nil {
				return false
			}
		}
	}
	return true
}

// build adds the unit and what it refers to.
func (p *program) build(u Unit) *ssa.Package {
	for _, pkg := range u.Pkg.Imports() {
		p.require(pkg)
	}
	for _, object := range u.Info.Uses {
		p.require(object.Pkg())
	}
	pkg := p.ssa.CreatePackage(u.Pkg, u.Files, u.Info, false)
	p.files.Store(pkg, u.Fset)
	pkg.Build()
	return pkg
}

// require declares another package in the program, by its types alone.
func (p *program) require(pkg *types.Package) {
	if pkg != nil && p.ssa.Package(pkg) == nil {
		p.ssa.CreatePackage(pkg, nil, nil, false)
	}
}

// function returns the interpreted function for one with a body.
func (p *program) function(fn *ssa.Function) *function {
	if known, ok := p.functions.Load(fn); ok {
		return known.(*function)
	}
	made, _ := p.functions.LoadOrStore(fn, &function{prog: p, ssa: fn})
	return made.(*function)
}

// position resolves a position in a function's source.
func (p *program) position(fn *ssa.Function, pos token.Pos) token.Position {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	if fset, ok := p.files.Load(fn.Pkg); ok {
		if pos == token.NoPos {
			pos = fn.Pos()
		}
		return fset.(*token.FileSet).Position(pos)
	}
	return p.ssa.Fset.Position(pos)
}
