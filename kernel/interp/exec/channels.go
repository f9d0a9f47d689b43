package exec

import (
	"go/types"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

func (c *compiler) makeChan(instr *ssa.MakeChan) {
	d, t, size := c.reg(instr), c.typeOf(instr), c.indexOf(instr.Size)
	c.emit(func(fr *frame) {
		n := size(fr)
		if n < 0 || t.Elem().Size() > 0 && uintptr(n) > maxAlloc/t.Elem().Size() {
			panic(runtimeError("makechan: size out of range"))
		}
		bidirectional := reflect.ChanOf(reflect.BothDir, t.Elem())
		*at[unsafe.Pointer](fr, d) = reflect.MakeChan(bidirectional, n).UnsafePointer()
	})
}

// receive compiles <-x. Where it must wait it also waits for the task's interruption.
func (c *compiler) receive(instr *ssa.UnOp) {
	x, d := c.reg(instr.X), c.reg(instr)
	t := c.typeOf(instr.X)
	how := copierOf(t.Elem())
	ok := reg(0)
	if instr.CommaOk {
		ok = c.component(instr, 1)
	}
	c.emit(func(fr *frame) {
		ch := *at[unsafe.Pointer](fr, x)
		var scratch [16]byte
		dst := fr.at(d)
		if how.shape == empty {
			dst = unsafe.Pointer(&scratch)
		}
		selected, received := false, false
		if ch != nil {
			selected, received = chanrecv(ch, true, dst)
		}
		if !selected {
			var v reflect.Value
			_, v, received = fr.wait([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: valueAt(t, fr.at(x))}})
			if how.shape != empty {
				storeAt(t.Elem(), dst, v)
			}
		}
		if instr.CommaOk {
			*at[bool](fr, ok) = received
		}
	})
}

func (c *compiler) send(instr *ssa.Send) {
	x, v := c.reg(instr.Chan), c.reg(instr.X)
	t := c.typeOf(instr.Chan)
	elem := t.Elem()
	c.emit(func(fr *frame) {
		ch := *at[unsafe.Pointer](fr, x)
		if ch != nil && chansend(ch, fr.at(v), true) {
			return
		}
		fr.wait([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: valueAt(t, fr.at(x)), Send: valueAt(elem, fr.at(v))}})
	})
}

// wait selects one of the cases, or stops the goroutine if the task is interrupted.
func (fr *frame) wait(cases []reflect.SelectCase) (chosen int, v reflect.Value, received bool) {
	cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(fr.g.task.ctx.Done())})
	chosen, v, received = reflect.Select(cases)
	if chosen == len(cases)-1 {
		fr.g.task.stop.Store(true)
		panic(interrupt{})
	}
	return chosen, v, received
}

// selectCase compiles a select statement: the index chosen, whether something was received, and each received value.
func (c *compiler) selectCase(instr *ssa.Select) {
	type state struct {
		dir       types.ChanDir
		ch, send  reg
		typ       reflect.Type
		into      reg
		intoShape shape
		elem      reflect.Type
	}
	states := make([]state, len(instr.States))
	received := 0
	for i, s := range instr.States {
		t := c.typeOf(s.Chan)
		states[i] = state{dir: s.Dir, ch: c.reg(s.Chan), typ: t, elem: t.Elem(), intoShape: shapeOf(t.Elem())}
		if s.Dir == types.SendOnly {
			states[i].send = c.reg(s.Send)
			continue
		}
		states[i].into = c.component(instr, 2+received)
		received++
	}
	index, ok := c.component(instr, 0), c.component(instr, 1)
	c.emit(func(fr *frame) {
		cases := make([]reflect.SelectCase, len(states), len(states)+1)
		for i, s := range states {
			cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: valueAt(s.typ, fr.at(s.ch))}
			if s.dir == types.SendOnly {
				cases[i].Dir, cases[i].Send = reflect.SelectSend, valueAt(s.elem, fr.at(s.send))
			}
		}
		var chosen int
		var v reflect.Value
		var got bool
		if instr.Blocking {
			chosen, v, got = fr.wait(cases)
		} else if chosen, v, got = reflect.Select(append(cases, reflect.SelectCase{Dir: reflect.SelectDefault})); chosen == len(states) {
			chosen = -1
		}
		*at[int](fr, index), *at[bool](fr, ok) = chosen, got
		for i, s := range states {
			if s.dir == types.SendOnly || s.intoShape == empty {
				continue
			}
			if i == chosen {
				storeAt(s.elem, fr.at(s.into), v)
			} else {
				typedmemclr(descriptor(s.elem), fr.at(s.into))
			}
		}
	})
}
