package exec

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// asAny gives the interface value of type t at p as an empty interface.
func asAny(t reflect.Type, p unsafe.Pointer) any {
	value := *(*interfaceHeader)(p)
	if t.NumMethod() > 0 {
		value = withoutMethods(value)
	}
	return *(*any)(unsafe.Pointer(&value))
}

// withoutMethods turns an interface value with methods into an empty interface's.
func withoutMethods(v interfaceHeader) interfaceHeader {
	if v.tab != nil {
		v.tab = (*itab)(v.tab).typ
	}
	return v
}

// makeInterface puts a value of a concrete type into an interface.
func (c *compiler) makeInterface(instr *ssa.MakeInterface) {
	d, x := c.reg(instr), c.reg(instr.X)
	to, from := c.typeOf(instr), c.typeOf(instr.X)
	if to.NumMethod() == 0 {
		c.emit(func(fr *frame) { *at[any](fr, d) = valueAt(from, fr.at(x)).Interface() })
		return
	}
	// The table for the pair of types is found once.
	var table atomic.Pointer[itab]
	c.emit(func(fr *frame) {
		if known := table.Load(); known != nil {
			boxed := valueAt(from, fr.at(x)).Interface()
			*at[interfaceHeader](fr, d) = interfaceHeader{unsafe.Pointer(known), (*interfaceHeader)(unsafe.Pointer(&boxed)).data}
			return
		}
		valueAt(to, fr.at(d)).Set(valueAt(from, fr.at(x)))
		table.Store((*itab)(at[interfaceHeader](fr, d).tab))
	})
}

func (c *compiler) changeInterface(instr *ssa.ChangeInterface) {
	d, x := c.reg(instr), c.reg(instr.X)
	to, from := c.typeOf(instr), c.typeOf(instr.X)
	if to.NumMethod() == 0 {
		c.emit(func(fr *frame) { *at[any](fr, d) = asAny(from, fr.at(x)) })
		return
	}
	c.emit(func(fr *frame) { valueAt(to, fr.at(d)).Set(valueAt(from, fr.at(x))) })
}

// typeAssert compiles x.(T), with and without a second result.
func (c *compiler) typeAssert(instr *ssa.TypeAssert) {
	d, x := c.reg(instr), c.reg(instr.X)
	from, to := c.typeOf(instr.X), c.m.types.of(instr.AssertedType)
	assert := assertConcrete(to, d)
	if to.Kind() == reflect.Interface {
		assert = assertInterface(to, d)
	}
	clear := copierOf(to)
	if !instr.CommaOk {
		c.emit(func(fr *frame) {
			if value := asAny(from, fr.at(x)); !assert(fr, value) {
				panic(assertionError(from, to, value))
			}
		})
		return
	}
	ok := c.component(instr, 1)
	c.emit(func(fr *frame) {
		holds := assert(fr, asAny(from, fr.at(x)))
		if !holds {
			clear.clear(fr.at(d))
		}
		*at[bool](fr, ok) = holds
	})
}

// assertConcrete unpacks a value if it has the type.
func assertConcrete(t reflect.Type, d reg) func(*frame, any) bool {
	typ, how := descriptor(t), copierOf(t)
	direct := isDirect(t)
	return func(fr *frame, value any) bool {
		header := (*interfaceHeader)(unsafe.Pointer(&value))
		if header.tab != typ {
			return false
		}
		if direct {
			how.copy(fr.at(d), unsafe.Pointer(&header.data))
		} else {
			how.copy(fr.at(d), header.data)
		}
		return true
	}
}

// isDirect tells whether an interface's data word holds values of the type themselves rather than their address: the zero
// value is then a nil word.
func isDirect(t reflect.Type) bool {
	zero := reflect.Zero(t).Interface()
	return t.Size() == unsafe.Sizeof(uintptr(0)) && (*interfaceHeader)(unsafe.Pointer(&zero)).data == nil
}

func assertInterface(t reflect.Type, d reg) func(*frame, any) bool {
	if t.NumMethod() == 0 {
		return func(fr *frame, value any) bool {
			if value == nil {
				return false
			}
			*at[any](fr, d) = value
			return true
		}
	}
	return func(fr *frame, value any) bool {
		v := reflect.ValueOf(value)
		if !v.IsValid() || !v.Type().Implements(t) {
			return false
		}
		valueAt(t, fr.at(d)).Set(v)
		return true
	}
}

// assertionError words a failed assertion as the runtime does.
func assertionError(from, to reflect.Type, value any) error {
	if value == nil {
		if to.Kind() == reflect.Interface {
			return typeError(fmt.Sprintf("interface is nil, not %s", to))
		}
		return typeError(fmt.Sprintf("%s is nil, not %s", from, to))
	}
	dynamic := reflect.TypeOf(value)
	if to.Kind() != reflect.Interface {
		text := fmt.Sprintf("%s is %s, not %s", from, dynamic, to)
		if dynamic.String() == to.String() {
			text += " (types from different scopes)"
		}
		return typeError(text)
	}
	for i := range to.NumMethod() {
		if _, ok := dynamic.MethodByName(to.Method(i).Name); !ok {
			return typeError(fmt.Sprintf("%s is not %s: missing method %s", dynamic, to, to.Method(i).Name))
		}
	}
	return typeError(fmt.Sprintf("%s is not %s", dynamic, to))
}
