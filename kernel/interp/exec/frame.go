package exec

import (
	"unsafe"
)

// frame is one call of an interpreted function.
type frame struct {
	base   unsafe.Pointer // registers
	fn     *function
	g      *goroutine
	caller *frame
	block  *block // where the call is, for traces
	pc     int

	defers     *deferred
	deferredBy *frame // set where this is a deferred call: whose panic recover stops
	deferring  *frame // set in a snapshot that makes a deferred call
	panicking  bool
	panicValue any
	unwound    []Frame // the calls that its panic ended, while the deferred calls run
}

// deferred is a call to make when the function that deferred it ends, the newest first.
type deferred struct {
	next *deferred
	call func(by *frame)
}

// op executes one instruction.
type op func(fr *frame)

// block is a basic block. next ends it: it tells where to go on, nil to return.
type block struct {
	ops  []op
	pos  []int32 // of each operation, for traces: see function.position
	next func(fr *frame) *block
}

func (fr *frame) at(r reg) unsafe.Pointer { return unsafe.Add(fr.base, r) }

func at[T any](fr *frame, r reg) *T { return (*T)(unsafe.Add(fr.base, r)) }

// run executes from b until the function returns.
func (fr *frame) run(b *block) {
	for b != nil {
		fr.block = b
		for i, op := range b.ops {
			fr.pc = i
			op(fr)
		}
		b = b.next(fr)
	}
}

// runGuarded executes from b like run. A panic runs the deferred calls; if one of them recovers, the function goes on in
// its recovery block, which runGuarded returns.
func (fr *frame) runGuarded(b *block) (next *block) {
	returned := false
	depth := fr.g.depth
	defer func() {
		if returned {
			return
		}
		value := recover() // nil if the goroutine is exiting: then the deferred calls run, and it goes on exiting
		if value != nil {
			fr.g.trace(value)
		}
		fr.g.top, fr.g.depth = fr, depth
		fr.panicking, fr.panicValue, fr.unwound = value != nil, value, fr.g.tracedFrames
		fr.runDefers()
		fr.unwound = nil
		if value != nil {
			next = fr.fn.recovery
		}
	}()
	fr.run(b)
	returned = true
	return nil
}

// snapshot copies the registers, for a call that is made later.
func (fr *frame) snapshot() *frame {
	copied := &frame{fn: fr.fn, base: newObject(fr.fn.registers.typ), deferredBy: fr.deferredBy}
	typedmemmove(fr.fn.registers.typ, copied.base, fr.base)
	return copied
}

// runDefers makes the deferred calls, and panics if the function still panics afterwards.
func (fr *frame) runDefers() {
	for fr.defers != nil {
		d := fr.defers
		fr.defers = d.next
		fr.runDeferred(d)
	}
	if fr.panicking {
		panic(fr.panicValue)
	}
}

func (fr *frame) runDeferred(d *deferred) {
	returned := false
	depth := fr.g.depth
	defer func() {
		if returned {
			return
		}
		if value := recover(); value != nil { // takes the place of the panic before, if any
			fr.g.trace(value)
			fr.g.top, fr.g.depth = fr, depth
			fr.panicking, fr.panicValue = true, value
		}
	}()
	if _, interrupted := fr.panicValue.(interrupt); interrupted {
		fr.g.unwinding++
		defer func() { fr.g.unwinding-- }()
	}
	d.call(fr)
	returned = true
}

// recover is the built-in called in a function deferred by a panicking one. An interrupt and an exit cannot be recovered.
func (fr *frame) recover() any {
	by := fr.deferredBy
	if by == nil || !by.panicking || fr.deferring != nil && fr.deferring.panicking {
		return nil
	}
	switch by.panicValue.(type) {
	case interrupt, exit:
		return nil
	}
	value := by.panicValue
	by.panicking, by.panicValue = false, nil
	fr.g.traced, fr.g.tracedFrames = nil, nil
	return value
}
