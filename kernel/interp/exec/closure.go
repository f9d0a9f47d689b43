package exec

import (
	"reflect"
	"unsafe"

	"github.com/timandy/routine"
	"github.com/visualfc/funcval"
	"golang.org/x/tools/go/ssa"
)

// closure is an interpreted function with its free variables: what a function value made here stands for.
type closure struct {
	fn   *function
	free []unsafe.Pointer // the variables' values: pointers themselves, others by address
	task *Task            // that made it
}

// bind sets the free variables of a call.
func (cl *closure) bind(fr *frame) {
	for i, p := range cl.fn.free {
		if p.copier.shape == pointer {
			*(*unsafe.Pointer)(fr.at(p.reg)) = cl.free[i]
		} else {
			p.copier.copy(fr.at(p.reg), cl.free[i])
		}
	}
}

// functionValue makes a Go function of the closure, which compiled code can call.
func (cl *closure) functionValue(t reflect.Type) unsafe.Pointer {
	f := reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value { return cl.callReflect(args) }).Interface()
	return (*interfaceHeader)(unsafe.Pointer(&f)).data
}

// closureCode is the code pointer of the function literal in functionValue.
var closureCode uintptr

func init() {
	p := (&closure{}).functionValue(reflect.TypeFor[func()]())
	inner, _ := funcval.Get(*(*func())(unsafe.Pointer(&p)))
	closureCode = inner.Fn
}

// closureAt returns the closure that a function value stands for, nil if the function is a compiled one.
func closureAt(function unsafe.Pointer) *closure {
	inner, made := funcval.Get(*(*func())(unsafe.Pointer(&function)))
	if made != 1 || inner.Fn != closureCode {
		return nil
	}
	// The literal captures one pointer, which follows the code pointer.
	return (*struct {
		code uintptr
		cl   *closure
	})(unsafe.Pointer(inner)).cl
}

// callReflect runs the function for compiled code that calls it.
func (cl *closure) callReflect(args []reflect.Value) []reflect.Value {
	g := current()
	if g == nil {
		return cl.callForeign(args)
	}
	top, depth := g.top, g.depth
	returned := false
	defer func() {
		if !returned && g.thrower == nil {
			g.thrower = g.top
		}
		g.top, g.depth = top, depth
		g.callbacks--
	}()
	g.callbacks++
	g.depth += callbackDepth
	results := cl.callOn(g, args)
	returned = true
	return results
}

func (cl *closure) callOn(g *goroutine, args []reflect.Value) []reflect.Value {
	fr := cl.fn.frame(g.top, g)
	for i, p := range cl.fn.params {
		storeAt(p.typ, fr.at(p.reg), args[i])
	}
	cl.bind(fr)
	cl.fn.call(fr)
	results := make([]reflect.Value, len(cl.fn.results))
	for i, p := range cl.fn.results {
		results[i] = reflect.New(p.typ).Elem()
		p.copier.copy(results[i].Addr().UnsafePointer(), fr.at(p.reg))
	}
	cl.fn.release(fr)
	return results
}

// callForeign runs the function on a goroutine that compiled code started, such as a timer's. Nothing there would stop a
// panic from ending the process, so it is reported, and the results are zero.
func (cl *closure) callForeign(args []reflect.Value) (results []reflect.Value) {
	task := cl.task
	if task == nil {
		task = orphan
	}
	err := task.do(func(g *goroutine) {
		g.callbacks++
		results = cl.callOn(g, args)
	})
	if err != nil && results == nil {
		task.report(err)
		for _, t := range cl.fn.resultTypes() {
			results = append(results, reflect.Zero(t))
		}
	}
	return results
}

// resultTypes gives the types of the results, also of a function that was never compiled.
func (f *function) resultTypes() []reflect.Type {
	if !f.ready.Load() {
		f.compile()
	}
	types := make([]reflect.Type, len(f.results))
	for i, p := range f.results {
		types[i] = p.typ
	}
	return types
}

// Guard runs f on the calling goroutine, which is compiled code's, as a part of the task: a panic of interpreted code that f
// calls reaches f's caller, who deals with it. (Without, it would be reported, and the call would return zero results.)
func (t *Task) Guard(f func()) {
	id := routine.Goid()
	goroutines.Store(id, &goroutine{task: t})
	defer goroutines.Delete(id)
	f()
}

// makeClosure makes a function value of a literal or a bound method, unless it is only ever called on the spot.
func (c *compiler) makeClosure(instr *ssa.MakeClosure) {
	if onlyCalled(instr) {
		return
	}
	d, t := c.reg(instr), c.typeOf(instr)
	f := c.f.prog.function(instr.Fn.(*ssa.Function))
	bindings := make([]place, len(instr.Bindings))
	for i, b := range instr.Bindings {
		bindings[i] = c.place(b)
	}
	c.emit(func(fr *frame) {
		cl := &closure{fn: f, free: make([]unsafe.Pointer, len(bindings)), task: fr.g.task}
		for i, b := range bindings {
			if b.copier.shape == pointer {
				cl.free[i] = *(*unsafe.Pointer)(fr.at(b.reg))
				continue
			}
			cl.free[i] = newObject(b.copier.typ)
			b.copier.copy(cl.free[i], fr.at(b.reg))
		}
		*at[unsafe.Pointer](fr, d) = cl.functionValue(t)
	})
}

// onlyCalled tells whether a closure is nothing but the callee of calls.
func onlyCalled(instr *ssa.MakeClosure) bool {
	for _, ref := range *instr.Referrers() {
		call, ok := ref.(ssa.CallInstruction)
		if !ok || call.Common().Value != ssa.Value(instr) {
			return false
		}
		for _, arg := range call.Common().Args {
			if arg == ssa.Value(instr) {
				return false
			}
		}
	}
	return true
}
