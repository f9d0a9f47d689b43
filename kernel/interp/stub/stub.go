package stub

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	"github.com/goplus/reflectx"
	"github.com/goplus/reflectx/abi"
)

// Capacity is how many entries there are.
const Capacity = 1 << 17

// entrySize is the length of an entry's code in bytes.
const entrySize = 13

var (
	firstEntry unsafe.Pointer           // the code of slot 0's entry: set in entry_amd64.s
	slots      [Capacity]unsafe.Pointer // the function values, which this array keeps alive
)

// Available is how many entries are left. It is safe for concurrent use.
func Available() int { return entries.Available() }

// Exhausted is what a call of a method panics with whose type was declared after all entries were taken.
type Exhausted struct{ Method string }

// Error names the method and says what to do.
func (e Exhausted) Error() string {
	return fmt.Sprintf("%s cannot be called through an interface: this kernel has declared more than %d methods; restart it", e.Method, Capacity-1)
}

// provider hands out the entries. The last slot stays empty of methods: it tells of the exhaustion.
type provider struct {
	mu   sync.Mutex
	used int
}

var entries = &provider{}

func init() {
	// Package reflectx tries its providers in order and begins with one of its own: ours takes the place of them all.
	_ = reflectx.Default
	abi.Default = &abi.MethodProviderList{}
	abi.AddMethodProvider(entries)
}

// Enter gives the address of code that calls the function: what a method table holds. The function's first argument is the
// receiver. Without entries left, the code panics with [Exhausted]. It is safe for concurrent use.
func Enter(function reflect.Value, name string) unsafe.Pointer {
	code, _ := entries.enter(function, name)
	return code
}

// enter takes the next entry.
func (p *provider) enter(function reflect.Value, name string) (code unsafe.Pointer, index int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	index = p.used
	if index == Capacity-1 {
		err := Exhausted{Method: name}
		slots[index] = funcValue(reflect.ValueOf(func() { panic(err) }))
	} else {
		slots[index] = funcValue(function)
		p.used++
	}
	return unsafe.Add(firstEntry, index*entrySize), index
}

// Insert gives a method an entry. It never fails, since its caller's callers end the process if it does: without entries
// left, the method's call panics with [Exhausted].
func (p *provider) Insert(method *abi.MethodInfo) (code unsafe.Pointer, index int) {
	return p.enter(implementation(method), method.Type.String()+"."+method.Name)
}

// Remove does nothing: an interface value may call the method for as long as the process lives.
func (p *provider) Remove([]int) {}

// Clear does nothing, as Remove.
func (p *provider) Clear() {}

// Available is never 0: see Insert.
func (p *provider) Available() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Capacity - p.used
}

// Used is how many entries were given.
func (p *provider) Used() int { return Capacity - p.Available() }

// Cap is how many entries there are.
func (p *provider) Cap() int { return Capacity }

// implementation is the function that an interface calls: its first argument is what the interface's data word holds.
func implementation(method *abi.MethodInfo) reflect.Value {
	if !method.Indirect {
		return method.Func // takes the pointer, or the value whose only word is the data word
	}
	of := method.Func.Type()
	in := []reflect.Type{reflect.PointerTo(method.Type)}
	for i := 1; i < of.NumIn(); i++ {
		in = append(in, of.In(i))
	}
	var out []reflect.Type
	for i := range of.NumOut() {
		out = append(out, of.Out(i))
	}
	call := method.Func.Call
	if method.Variadic {
		call = method.Func.CallSlice
	}
	return reflect.MakeFunc(reflect.FuncOf(in, out, method.Variadic), func(args []reflect.Value) []reflect.Value {
		if args[0].IsNil() {
			panic(nilReceiver{method: method.Name, of: method.Type})
		}
		args[0] = args[0].Elem()
		return call(args)
	})
}

// funcValue is the word that a variable of the function's type holds.
func funcValue(function reflect.Value) unsafe.Pointer {
	variable := reflect.New(function.Type())
	variable.Elem().Set(function)
	return *(*unsafe.Pointer)(variable.UnsafePointer())
}

// nilReceiver is the runtime error of a method with a value receiver that is called through a nil pointer.
type nilReceiver struct {
	method string
	of     reflect.Type
}

// Error words it as Go's runtime does.
func (e nilReceiver) Error() string {
	return fmt.Sprintf("value method %s.%s called using nil *%s pointer", e.of, e.method, e.of.Name())
}

// RuntimeError makes it a [runtime.Error].
func (nilReceiver) RuntimeError() {}
