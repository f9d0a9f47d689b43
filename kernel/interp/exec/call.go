package exec

import (
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// call compiles a call whose results are used.
func (c *compiler) call(instr *ssa.Call) {
	if b, ok := instr.Call.Value.(*ssa.Builtin); ok {
		c.builtin(b, instr, instr.Call.Args)
		return
	}
	var results []place
	for i, s := range c.slots[instr] {
		t := c.resultType(instr, i)
		results = append(results, place{c.regs.place(s), copierOf(t), t})
	}
	if instr.Call.Signature().Results().Len() == 0 {
		results = nil
	}
	c.emit(c.calling(instr.Common(), results))
}

func (c *compiler) resultType(instr *ssa.Call, i int) reflect.Type {
	if tuple := instr.Call.Signature().Results(); i < tuple.Len() {
		return c.real(tuple.At(i).Type())
	}
	return reflect.TypeFor[struct{}]()
}

// goCall compiles a go statement: the operands are read now, the call is made on another goroutine.
func (c *compiler) goCall(instr *ssa.Go) {
	do := c.callingOrBuiltin(instr)
	c.emit(func(fr *frame) {
		later := fr.snapshot()
		fr.g.task.spawn(func(g *goroutine) {
			later.g = g
			do(later)
		})
	})
}

// deferCall compiles a defer statement.
func (c *compiler) deferCall(instr *ssa.Defer) {
	do := c.callingOrBuiltin(instr)
	owner := func(fr *frame) *frame { return fr }
	if instr.DeferStack != nil {
		stack := c.reg(instr.DeferStack)
		owner = func(fr *frame) *frame { return *at[*frame](fr, stack) }
	}
	check := c.evaluable(instr.Common())
	c.emit(func(fr *frame) {
		check(fr)
		later := fr.snapshot()
		on := owner(fr)
		on.defers = &deferred{on.defers, func(by *frame) {
			later.g, later.caller, later.deferring = by.g, by, by
			do(later)
		}}
	})
}

// evaluable checks what a defer statement finds out at once: that the interface whose method it defers is not nil.
func (c *compiler) evaluable(common *ssa.CallCommon) op {
	if !common.IsInvoke() {
		return func(*frame) {}
	}
	x := c.reg(common.Value)
	return func(fr *frame) { checkNil(*at[unsafe.Pointer](fr, x)) }
}

func (c *compiler) callingOrBuiltin(instr ssa.CallInstruction) op {
	if b, ok := instr.Common().Value.(*ssa.Builtin); ok {
		outer := c.ops
		c.ops = nil
		c.builtin(b, nil, instr.Common().Args)
		ops := c.ops
		c.ops = outer
		return func(fr *frame) {
			for _, o := range ops {
				o(fr)
			}
		}
	}
	return c.calling(instr.Common(), nil)
}

// calling compiles a call other than of a built-in.
func (c *compiler) calling(common *ssa.CallCommon, results []place) op {
	args := make([]place, len(common.Args))
	for i, a := range common.Args {
		args[i] = c.place(a)
	}
	if common.IsInvoke() {
		return c.invoke(common, args, results)
	}
	switch callee := common.Value.(type) {
	case *ssa.Function:
		return c.callStatic(callee, args, nil, results)
	case *ssa.MakeClosure:
		bindings := make([]place, len(callee.Bindings))
		for i, b := range callee.Bindings {
			bindings[i] = c.place(b)
		}
		return c.callStatic(callee.Fn.(*ssa.Function), args, bindings, results)
	}
	return c.callDynamic(c.place(common.Value), args, results)
}

// callStatic calls a function that is known now.
func (c *compiler) callStatic(callee *ssa.Function, args, bindings, results []place) op {
	target := c.resolve(callee)
	if target.compiled != nil {
		return func(fr *frame) { callCompiled(fr, target.compiled, arguments(fr, args), results) }
	}
	f := target.interpreted
	return func(fr *frame) {
		callee := f.frame(fr, fr.g)
		for i := range bindings {
			bindings[i].copier.copy(callee.at(f.free[i].reg), fr.at(bindings[i].reg))
		}
		finishCall(fr, callee, 0, args, results)
	}
}

// finishCall passes the arguments, to the parameters after those that are set, runs the call and fetches the results.
func finishCall(fr, callee *frame, set int, args, results []place) {
	f := callee.fn
	callee.deferredBy = fr.deferring
	for i := range args {
		args[i].copier.copy(callee.at(f.params[set+i].reg), fr.at(args[i].reg))
	}
	f.call(callee)
	for i := range results {
		results[i].copier.copy(fr.at(results[i].reg), callee.at(f.results[i].reg))
	}
	f.release(callee)
}

// callDynamic calls a function value.
func (c *compiler) callDynamic(callee place, args, results []place) op {
	return func(fr *frame) {
		p := *at[unsafe.Pointer](fr, callee.reg)
		if p == nil {
			nilDereference()
		}
		if cl := closureAt(p); cl != nil {
			next := cl.fn.frame(fr, fr.g)
			cl.bind(next)
			finishCall(fr, next, 0, args, results)
			return
		}
		callCompiled(fr, plain(valueAt(callee.typ, fr.at(callee.reg))), arguments(fr, args), results)
	}
}

// native is a compiled function that knows which goroutine of interpreted code calls it.
type native func(g *goroutine, args []reflect.Value) []reflect.Value

// plain makes a native of a function that does not care who calls.
func plain(f reflect.Value) native {
	if f.Type().IsVariadic() {
		return func(_ *goroutine, args []reflect.Value) []reflect.Value { return f.CallSlice(args) }
	}
	return func(_ *goroutine, args []reflect.Value) []reflect.Value { return f.Call(args) }
}

// arguments reads what is passed to a compiled function.
func arguments(fr *frame, args []place) []reflect.Value {
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = valueAt(a.typ, fr.at(a.reg))
	}
	return in
}

// callCompiled calls a compiled function. If that returns, it has dealt with the panics of what it called.
func callCompiled(fr *frame, f native, in []reflect.Value, results []place) {
	fr.g.top = fr
	fr.g.task.Flush()
	out := f(fr.g, in)
	fr.g.thrower = nil
	for i, r := range results {
		storeAt(r.typ, fr.at(r.reg), out[i])
	}
}
