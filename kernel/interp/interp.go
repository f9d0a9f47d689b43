package interp

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"sync"

	"paperlab/kernel/interp/exec"
)

// Interp is one notebook's interpreter. Its methods may be called from any goroutine; runs wait for each other.
type Interp struct {
	running  sync.Mutex
	machine  *exec.Machine
	importer *importer
	names    *names
	show     *types.Var // a func(...any) that takes the values of a cell's last expression
}

// Option sets up an interpreter.
type Option func(*Interp) error

// Predeclare makes a name known to all cells without an import. Its value may differ from run to run: it is asked for with
// the context that Run was given. Its type must be built from basic types and types of bound packages.
func Predeclare[T any](name string, value func(ctx context.Context) T) Option {
	return func(in *Interp) error {
		typ, err := in.importer.typeOf(reflect.TypeFor[T]())
		if err != nil {
			return fmt.Errorf("predeclaring %s: %w", name, err)
		}
		variable := in.machine.TaskVar(name, typ, func(t *exec.Task) reflect.Value {
			v := value(t.Context())
			return reflect.ValueOf(&v).Elem()
		})
		in.names.predeclared[name] = binding{object: variable}
		return nil
	}
}

// AutoImport makes bound packages known to all cells without an import.
func AutoImport(paths ...string) Option {
	return func(in *Interp) error {
		for _, path := range paths {
			pkg, err := in.importer.Import(path)
			if err != nil {
				return fmt.Errorf("importing %s for all cells: %w", path, err)
			}
			in.names.predeclared[pkg.Name()] = binding{object: types.NewPkgName(token.NoPos, nil, pkg.Name(), pkg)}
		}
		return nil
	}
}

// New returns an interpreter that knows no names but the predeclared ones: ctx, the context of the cell's run; must and check,
// which end the cell with an error; and those of the options.
func New(options ...Option) (*Interp, error) {
	machine, err := exec.New()
	if err != nil {
		return nil, err
	}
	in := &Interp{
		machine:  machine,
		importer: &importer{bound: machine.Importer()},
		names:    newNames(),
	}
	in.show = machine.TaskVar(showName, showType(), func(t *exec.Task) reflect.Value {
		return reflect.ValueOf(shownOf(t.Context()).add)
	})
	options = append([]Option{Predeclare("ctx", func(ctx context.Context) context.Context { return ctx })}, options...)
	for _, option := range options {
		if err := option(in); err != nil {
			return nil, err
		}
	}
	if err := in.addPrelude(); err != nil {
		return nil, err
	}
	return in, nil
}

// Reset forgets all that cells declared and imported. What runs in the background goes on.
func (in *Interp) Reset() error {
	in.running.Lock()
	defer in.running.Unlock()
	in.names.reset()
	return nil
}

// showName is internal: no cell can write it.
const showName = "show" + marker

// showType is func(...any).
func showType() types.Type {
	values := types.NewSlice(types.Universe.Lookup("any").Type())
	params := types.NewTuple(types.NewVar(token.NoPos, nil, "v", values))
	return types.NewSignatureType(nil, nil, nil, params, nil, true)
}

// shown collects the values of one cell's last expression.
type shown struct{ values []any }

func (s *shown) add(values ...any) { s.values = values }

type shownKey struct{}

func shownOf(ctx context.Context) *shown { return ctx.Value(shownKey{}).(*shown) }
