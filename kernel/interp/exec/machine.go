package exec

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io"
	"reflect"
	"runtime"
	"sync"
	"weak"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"paperlab/kernel/interp/symbols"
)

// Machine holds what the packages of one notebook share: the bound packages, the types made so far, the package
// variables. Its methods may be called from any goroutine.
type Machine struct {
	mu       sync.Mutex // held while packages are built and functions compiled
	bound    *ixgo.Context
	types    *typeTable
	lasting  *program
	imported map[*types.Package]bool // the packages that units reached by imports so far
	taskVars map[*types.Var]func(*Task) reflect.Value
	// predeclared is the package of the task variables.
	predeclared *types.Package
	variable    map[weak.Pointer[types.Var]]reflect.Value // storage of package variables, until nothing names them
	loading     sync.Mutex                                // guards variable
	methods     sync.Map                                  // methodKey -> *method
}

// Unit is a type-checked package.
type Unit struct {
	Fset  *token.FileSet
	Pkg   *types.Package
	Files []*ast.File
	Info  *types.Info // with every map; what it says of initialisation order is carried out by the package's init
}

// New returns a machine that runs nothing yet. The packages that it can import are those that package symbols has.
func New() (*Machine, error) {
	m := &Machine{
		imported:    map[*types.Package]bool{},
		bound:       ixgo.NewContext(0),
		taskVars:    map[*types.Var]func(*Task) reflect.Value{},
		predeclared: types.NewPackage("predeclared", "predeclared"),
		variable:    map[weak.Pointer[types.Var]]reflect.Value{},
	}
	m.lasting = newProgram(m, m.bound.Builder.Program())
	m.types = newTypeTable(m)
	if err := symbols.Install(m.bound); err != nil {
		return nil, fmt.Errorf("making the bound packages known: %w", err)
	}
	return m, nil
}

// Importer gives the types of bound packages. Importing another is an error.
func (m *Machine) Importer() types.Importer { return importer{m} }

type importer struct{ m *Machine }

func (i importer) Import(path string) (*types.Package, error) {
	i.m.mu.Lock()
	defer i.m.mu.Unlock()
	if !symbols.Lookup(path) {
		return nil, &symbols.UnboundError{Path: path}
	}
	return i.m.bound.Importer.Import(path)
}

// TaskVar returns a variable that has a value of its own in each task, to be inserted in the scopes of packages. It can
// be read, not assigned or addressed. Make them all before the first Load.
func (m *Machine) TaskVar(name string, typ types.Type, value func(*Task) reflect.Value) *types.Var {
	v := types.NewVar(token.NoPos, m.predeclared, name, typ)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.predeclared.Scope().Insert(v)
	m.taskVars[v] = value
	return v
}

// Variable returns the storage of a package variable. It is addressable.
func (m *Machine) Variable(v *types.Var) (reflect.Value, bool) {
	m.loading.Lock()
	defer m.loading.Unlock()
	storage, ok := m.variable[weak.Make(v)]
	if !ok {
		return reflect.Value{}, false
	}
	return storage.Elem(), true
}

// allocate makes the storage of a package variable. It is forgotten once nothing refers to the variable; code that uses
// the variable refers to the storage itself.
func (m *Machine) allocate(v *types.Var) {
	storage := reflect.New(m.types.of(v.Type()))
	key := weak.Make(v)
	m.loading.Lock()
	m.variable[key] = storage
	m.loading.Unlock()
	runtime.AddCleanup(v, func(key weak.Pointer[types.Var]) {
		m.loading.Lock()
		delete(m.variable, key)
		m.loading.Unlock()
	}, key)
}

// Package is a loaded unit.
type Package struct {
	machine *Machine
	prog    *program
	ssa     *ssa.Package
}

// Load builds a unit and allocates its variables, zero. It runs nothing of the unit. The unit may use objects of units
// loaded before.
func (m *Machine) Load(u Unit) (*Package, error) {
	pkg, sources, err := m.build(u)
	if err != nil {
		return nil, err
	}
	for _, source := range sources {
		if err := source.Call(NewTask(context.Background(), io.Discard, io.Discard), "init"); err != nil {
			return nil, fmt.Errorf("initialising package %s: %w", source.ssa.Pkg.Path(), err)
		}
	}
	return pkg, nil
}

// build makes the unit's SSA and storage, and that of the packages bound as source that no unit imported before.
func (m *Machine) build(u Unit) (pkg *Package, sources []*Package, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("building the cell: %v", value)
		}
	}()
	m.bound.Builder.BuildImports(u.Pkg, true)
	prog := m.lasting
	if passing(u.Info) {
		prog = newProgram(m, ssa.NewProgram(u.Fset, ssa.InstantiateGenerics))
	}
	pkg = &Package{m, prog, prog.build(u)}
	pkg.allocate()
	for _, other := range u.Pkg.Imports() {
		sources = m.sources(other, sources)
	}
	return pkg, sources, nil
}

// sources adds the packages bound as source that a package newly imported is or reaches, with storage for their variables.
func (m *Machine) sources(imported *types.Package, found []*Package) []*Package {
	if m.imported[imported] {
		return found
	}
	m.imported[imported] = true
	for _, other := range imported.Imports() {
		found = m.sources(other, found)
	}
	built := m.lasting.ssa.Package(imported)
	if built == nil || built.Func("init").Blocks == nil {
		return found
	}
	source := &Package{m, m.lasting, built}
	source.allocate()
	return append(found, source)
}

// allocate makes the storage of the package's variables.
func (p *Package) allocate() {
	for _, member := range p.ssa.Members {
		if global, ok := member.(*ssa.Global); ok {
			if v, ok := global.Object().(*types.Var); ok {
				p.machine.allocate(v)
			}
		}
	}
}

// Call runs a function of the package that takes and returns nothing, as the task. The error is a [*Panic], an [*Exit] or
// [ErrInterrupted].
func (p *Package) Call(t *Task, name string) error {
	fn := p.ssa.Func(name)
	if fn == nil {
		return fmt.Errorf("calling %s: the package has no such function", name)
	}
	return t.do(func(g *goroutine) {
		f := p.prog.function(fn)
		f.call(f.frame(nil, g))
	})
}
