package exec

import (
	"fmt"
	"go/types"
	"reflect"
	"sync"
	"unsafe"
	"weak"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"
)

// target is a function's code: one of the two.
type target struct {
	interpreted *function
	compiled    native
}

// resolve finds the code of a function: its own SSA, that of its declaration in the lasting program, or a compiled
// function that is bound under its name.
func (c *compiler) resolve(fn *ssa.Function) target {
	if object, ok := fn.Object().(*types.Func); ok {
		if f, ok := natives[object.FullName()]; ok {
			return target{compiled: f}
		}
		if fn.Blocks == nil {
			if f := c.m.lookupDeclared(object); f != nil {
				return target{interpreted: f}
			}
			return target{compiled: c.bound(object)}
		}
	}
	if fn.Blocks == nil {
		if recv := fn.Signature.Recv(); recv != nil { // a method of an instance
			if f := c.m.lookupMethod(recv.Type(), fn); f != nil {
				return target{interpreted: f}
			}
		}
		if fn.Name() == "init" {
			return target{compiled: func(*goroutine, []reflect.Value) []reflect.Value { return nil }}
		}
		return target{compiled: missing(fn.String())}
	}
	return target{interpreted: c.f.prog.function(fn)}
}

func (m *Machine) lookupMethod(recv types.Type, fn *ssa.Function) *function {
	var pkg *types.Package
	if fn.Pkg != nil {
		pkg = fn.Pkg.Pkg
	}
	found := m.lasting.ssa.LookupMethod(recv, pkg, fn.Name())
	if found == nil || found.Blocks == nil {
		return nil
	}
	return m.lasting.function(found)
}

// bound finds a compiled function or method.
func (c *compiler) bound(object *types.Func) native {
	recv := object.Signature().Recv()
	if recv == nil {
		if f, ok := boundFunction(object); ok {
			return plain(f)
		}
		return missing(object.FullName())
	}
	m, ok := c.real(recv.Type()).MethodByName(object.Name())
	if !ok {
		return missing(object.FullName())
	}
	return plain(m.Func)
}

// boundFunction is the compiled function of that name, which is no method.
func boundFunction(object *types.Func) (reflect.Value, bool) {
	pkg, ok := ixgo.LookupPackage(object.Pkg().Path())
	if !ok {
		return reflect.Value{}, false
	}
	f, ok := pkg.Funcs[object.Name()]
	return f, ok
}

func missing(name string) native {
	return func(*goroutine, []reflect.Value) []reflect.Value {
		panic(fmt.Errorf("%s is not bound: the kernel has its type, but no code", name))
	}
}

// functionValue makes a function value of a declared function.
func (c *compiler) functionValue(fn *ssa.Function, t reflect.Type) unsafe.Pointer {
	target := c.resolve(fn)
	if f := target.interpreted; f != nil {
		return f.funcValue(t)
	}
	if object, ok := fn.Object().(*types.Func); ok && object.Signature().Recv() == nil && natives[object.FullName()] == nil {
		if f, ok := boundFunction(object); ok {
			value := f.Interface()
			return (*interfaceHeader)(unsafe.Pointer(&value)).data
		}
	}
	call := target.compiled
	f := reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
		g := current()
		if g == nil {
			g = &goroutine{task: orphan}
		}
		return call(g, args)
	}).Interface()
	return (*interfaceHeader)(unsafe.Pointer(&f)).data
}

// funcValue is the one value of a function without free variables.
func (f *function) funcValue(t reflect.Type) unsafe.Pointer {
	f.valueOnce.Do(func() { f.value = (&closure{fn: f}).functionValue(t) })
	return f.value
}

// address is where a package variable lies.
func (c *compiler) address(global *ssa.Global) unsafe.Pointer {
	if v, ok := global.Object().(*types.Var); ok {
		c.m.loading.Lock()
		storage, ok := c.m.variable[weak.Make(v)]
		c.m.loading.Unlock()
		if ok {
			return storage.UnsafePointer()
		}
		if pkg, ok := ixgo.LookupPackage(v.Pkg().Path()); ok {
			if storage, ok := pkg.Vars[v.Name()]; ok {
				return storage.UnsafePointer()
			}
		}
	}
	return c.f.prog.unnamed(global, c.real(deref(global.Type())))
}

// unnamed is the storage of a variable that only SSA has: whether a package is initialised.
func (p *program) unnamed(global *ssa.Global, t reflect.Type) unsafe.Pointer {
	storage, _ := p.guards.LoadOrStore(global, sync.OnceValue(func() unsafe.Pointer { return newObject(descriptor(t)) }))
	return storage.(func() unsafe.Pointer)()
}

// taskVariable tells whether a variable has a value of its own in each task.
func (c *compiler) taskVariable(global *ssa.Global) (func(*Task) reflect.Value, bool) {
	v, ok := global.Object().(*types.Var)
	if !ok {
		return nil, false
	}
	if value, ok := c.m.taskVars[v]; ok {
		return value, true
	}
	value, ok := taskStreams[v.Pkg().Path()+"."+v.Name()]
	return value, ok
}
