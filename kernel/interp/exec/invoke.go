package exec

import (
	"fmt"
	"go/types"
	"reflect"
	"sync/atomic"
	"unsafe"

	"github.com/goplus/reflectx"
	"golang.org/x/tools/go/ssa"
)

// method is what an interface's method is for one dynamic type.
type method struct {
	typ         unsafe.Pointer // the dynamic type's descriptor
	interpreted *function      // takes the receiver first; nil if compiled
	direct      bool           // the interface's data word is the receiver itself
	index       int            // of the compiled method
	instead     native         // what stands for it, receiver first; mostly nil
}

type methodKey struct {
	typ  unsafe.Pointer
	pkg  *types.Package // nil for exported names
	name string
}

// invoke compiles a call of an interface's method. The last dynamic type seen is remembered.
func (c *compiler) invoke(common *ssa.CallCommon, args, results []place) op {
	m := c.m
	x, t := c.reg(common.Value), c.typeOf(common.Value)
	key := methodKey{name: common.Method.Name()}
	if !common.Method.Exported() {
		key.pkg = common.Method.Pkg()
	}
	var last atomic.Pointer[method]
	return func(fr *frame) {
		value := *at[interfaceHeader](fr, x)
		if value.tab == nil {
			nilDereference()
		}
		value = withoutMethods(value)
		target := last.Load()
		if target == nil || target.typ != value.tab {
			key := key
			key.typ = value.tab
			target = m.method(key)
			last.Store(target)
		}
		if target.instead != nil {
			in := []reflect.Value{valueAt(t, fr.at(x)).Elem()}
			for _, a := range args {
				in = append(in, valueAt(a.typ, fr.at(a.reg)))
			}
			putResults(fr, target.instead(fr.g, in), results)
			return
		}
		if target.interpreted == nil {
			callValue(fr, valueAt(t, fr.at(x)).Elem().Method(target.index), args, results)
			return
		}
		f := target.interpreted
		callee := f.frame(fr, fr.g)
		callee.deferredBy = fr.deferring
		if target.direct {
			f.params[0].copier.copy(callee.at(f.params[0].reg), unsafe.Pointer(&value.data))
		} else {
			f.params[0].copier.copy(callee.at(f.params[0].reg), value.data)
		}
		for i := range args {
			args[i].copier.copy(callee.at(f.params[i+1].reg), fr.at(args[i].reg))
		}
		f.call(callee)
		for i := range results {
			results[i].copier.copy(fr.at(results[i].reg), callee.at(f.results[i].reg))
		}
		f.release(callee)
	}
}

// method finds a dynamic type's method.
func (m *Machine) method(key methodKey) *method {
	if known, ok := m.methods.Load(key); ok {
		return known.(*method)
	}
	found := m.findMethod(key)
	m.methods.Store(key, found)
	return found
}

func (m *Machine) findMethod(key methodKey) *method {
	rt := typeOf(key.typ)
	m.mu.Lock()
	defer m.mu.Unlock()
	if t, ok := m.types.declared(rt); ok {
		if sel := m.lasting.ssa.MethodSets.MethodSet(t).Lookup(key.pkg, key.name); sel != nil {
			if fn := m.lasting.ssa.MethodValue(sel); fn != nil && fn.Blocks != nil {
				return &method{typ: key.typ, interpreted: m.lasting.function(fn), direct: isDirect(rt)}
			}
		}
	}
	compiled, ok := rt.MethodByName(key.name)
	if !ok {
		panic(fmt.Sprintf("no code for method %s of %s", key.name, rt))
	}
	return &method{typ: key.typ, index: compiled.Index, instead: instead(rt, key.name)}
}

// instead makes the methods that reflect.Type finds callable for interpreted types too.
func instead(t reflect.Type, name string) native {
	if t != reflect.TypeOf(reflect.TypeFor[int]()) {
		return nil
	}
	switch name {
	case "Method":
		return func(_ *goroutine, args []reflect.Value) []reflect.Value {
			return values(reflectx.MethodByIndex(args[0].Interface().(reflect.Type), int(args[1].Int())))
		}
	case "MethodByName":
		return func(_ *goroutine, args []reflect.Value) []reflect.Value {
			return values(reflectx.MethodByName(args[0].Interface().(reflect.Type), args[1].String()))
		}
	}
	return nil
}
