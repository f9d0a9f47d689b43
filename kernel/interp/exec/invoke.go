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
		f := target.interpreted
		switch {
		case target.instead != nil:
			receiver := valueAt(t, fr.at(x)).Elem()
			callCompiled(fr, target.instead, append([]reflect.Value{receiver}, arguments(fr, args)...), results)
			return
		case f == nil:
			bound := valueAt(t, fr.at(x)).Elem().Method(target.index)
			callCompiled(fr, plain(bound), arguments(fr, args), results)
			return
		}
		receiver := value.data
		if target.direct {
			receiver = unsafe.Pointer(&value.data)
		}
		callee := f.frame(fr, fr.g)
		f.params[0].copier.copy(callee.at(f.params[0].reg), receiver)
		finishCall(fr, callee, 1, args, results)
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
