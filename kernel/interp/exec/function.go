package exec

import (
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// function is an interpreted function. It is compiled at its first call and may be called by any number of goroutines.
type function struct {
	prog  *program
	ssa   *ssa.Function
	ready atomic.Bool

	valueOnce sync.Once
	value     unsafe.Pointer // the function value, if there are no free variables

	registers *registers
	presets   []preset
	params    []place
	free      []place
	entry     *block
	guarded   bool   // calls may be deferred to its end
	recovery  *block // where a recovered function goes on; nil for returning zero results
	results   []place
	pool      sync.Pool // of *frame
}

// preset is a value that stands in the registers from the start.
type preset struct {
	reg    reg
	copier copier
	value  unsafe.Pointer
}

// place is a register with the type of what it holds.
type place struct {
	reg    reg
	copier copier
	typ    reflect.Type
}

// frame prepares a call: the caller sets the parameters and the free variables.
func (f *function) frame(caller *frame, g *goroutine) *frame {
	if !f.ready.Load() {
		f.compile()
	}
	fr, ok := f.pool.Get().(*frame)
	if !ok {
		fr = &frame{fn: f, base: newObject(f.registers.typ)}
		for _, c := range f.presets {
			c.copier.copy(fr.at(c.reg), c.value)
		}
	}
	fr.caller, fr.g = caller, g
	return fr
}

// call runs a prepared frame. Its results stand in it until release.
func (f *function) call(fr *frame) {
	g := fr.g
	g.enter(fr)
	if !f.guarded {
		fr.run(f.entry)
	} else {
		for b := f.entry; b != nil; {
			b = fr.runGuarded(b)
		}
	}
	g.depth--
	g.top = fr.caller
}

// release gives the frame back once its results are read.
func (f *function) release(fr *frame) {
	fr.caller, fr.g, fr.deferredBy, fr.deferring, fr.panicValue, fr.defers = nil, nil, nil, nil, nil, nil
	fr.panicking, fr.unwound = false, nil
	f.pool.Put(fr)
}

// name is the function's as Go's traces have it, without the package.
func (f *function) name() string {
	fn := f.ssa
	if parent := fn.Parent(); parent != nil {
		_, number, _ := strings.Cut(fn.Name(), "$")
		return (&function{ssa: parent}).name() + ".func" + number
	}
	recv := fn.Signature.Recv()
	if recv == nil {
		return fn.Name()
	}
	typ, star := strings.CutPrefix(types.TypeString(recv.Type(), func(*types.Package) string { return "" }), "*")
	if star {
		typ = "(*" + typ + ")"
	}
	return typ + "." + fn.Name()
}

// position is where in the source an operation stands.
func (f *function) position(pos int32) token.Position {
	return f.prog.position(f.ssa, token.Pos(pos))
}

// frames lists the calls of interpreted code from the innermost outwards, the first and the last hundred of them.
func frames(top *frame) []Frame {
	const most = 100
	var all []Frame
	for fr := top; fr != nil; fr = fr.caller {
		if fr.unwound != nil {
			all = append(all, fr.unwound...)
			all[len(all)-len(fr.unwound)].panics = true
			return all
		}
		if fr.block == nil || fr.fn.ssa.Synthetic != "" && fr.fn.ssa.Pos() == token.NoPos {
			continue
		}
		if len(all) == 2*most {
			copy(all[most:], all[most+1:])
			all = all[:len(all)-1]
		}
		pos := int32(0)
		if fr.pc < len(fr.block.pos) {
			pos = fr.block.pos[fr.pc]
		}
		all = append(all, Frame{Function: fr.fn.name(), Position: fr.fn.position(pos)})
	}
	return all
}
