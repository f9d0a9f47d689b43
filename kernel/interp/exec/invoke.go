package exec

import (
	"fmt"
	"go/types"
	"sync/atomic"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// method is what an interface's method is for one dynamic type.
type method struct {
	typ         unsafe.Pointer // the dynamic type's descriptor
	interpreted *function      // takes the receiver first; nil if compiled
	direct      bool           // the interface's data word is the receiver itself
	index       int            // of the compiled method
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
		if target.interpreted == nil {
			fr.g.top = fr
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
	return &method{typ: key.typ, index: compiled.Index}
}
