package exec

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// compiler turns the SSA of one function into operations.
type compiler struct {
	f       *function
	m       *Machine
	layout  layout
	slots   map[ssa.Value][]slot // one, or one a component of a tuple
	results []slot
	values  []ssa.Value // the constants among them

	regs   *registers
	blocks []*block
	lends  bool // other functions, the bodies of its ranges, defer calls to this one's end
	ops    []op // of the block under way
	pos    []int32
}

// compile makes the function ready to be called.
func (f *function) compile() {
	m := f.prog.machine
	m.mu.Lock()
	defer m.mu.Unlock()
	if f.ready.Load() {
		return
	}
	c := &compiler{f: f, m: m, slots: map[ssa.Value][]slot{}}
	c.assign()
	c.regs = c.layout.finish()
	f.registers = c.regs
	c.presets()
	c.generate()
	f.ready.Store(true)
}

// real gives the real type. What go/ssa uses to name a function's deferred calls is a pointer to the frame here.
func (c *compiler) real(t types.Type) reflect.Type {
	if isDeferStack(t) || isUntypedNil(t) {
		return reflect.TypeFor[unsafe.Pointer]()
	}
	return c.m.types.of(t)
}

// typeOf gives the real type of a value.
func (c *compiler) typeOf(v ssa.Value) reflect.Type { return c.real(v.Type()) }

func (c *compiler) copierOf(v ssa.Value) copier { return copierOf(c.typeOf(v)) }

// assign gives each value of the function a slot.
func (c *compiler) assign() {
	fn := c.f.ssa
	for _, p := range fn.Params {
		c.add(p)
	}
	for _, v := range fn.FreeVars {
		c.add(v)
	}
	results := fn.Signature.Results()
	for i := range results.Len() {
		t := c.m.types.of(results.At(i).Type())
		c.f.results = append(c.f.results, place{copier: copierOf(t), typ: t})
	}
	var operands [16]*ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			for _, operand := range instr.Operands(operands[:0]) {
				switch v := (*operand).(type) {
				case *ssa.Const, *ssa.Global, *ssa.Function:
					if _, ok := c.slots[v]; !ok && c.needed(instr, v) {
						c.add(v)
						c.values = append(c.values, v)
					}
				}
			}
			if v, ok := instr.(ssa.Value); ok {
				c.add(v)
			}
			if alloc, ok := instr.(*ssa.Alloc); ok && !alloc.Heap {
				c.slots[alloc] = append(c.slots[alloc], c.layout.add(c.real(deref(alloc.Type()))))
			}
		}
	}
	for _, r := range c.f.results {
		c.results = append(c.results, c.layout.add(r.typ))
	}
}

// needed tells whether a constant operand must stand in a register: the callee of a static call need not.
func (c *compiler) needed(instr ssa.Instruction, v ssa.Value) bool {
	fn, ok := v.(*ssa.Function)
	if !ok {
		if g, ok := v.(*ssa.Global); ok {
			_, special := c.taskVariable(g)
			return !special
		}
		return true
	}
	if call, ok := instr.(ssa.CallInstruction); ok && call.Common().Value == fn {
		for _, arg := range call.Common().Args {
			if arg == fn {
				return true
			}
		}
		return false
	}
	if closure, ok := instr.(*ssa.MakeClosure); ok && closure.Fn == fn {
		return false
	}
	return true
}

func (c *compiler) add(v ssa.Value) {
	switch t := v.Type().(type) {
	case *types.Tuple:
		if next, ok := v.(*ssa.Next); ok {
			c.addNext(next)
			return
		}
		slots := make([]slot, 0, t.Len())
		for i := range t.Len() {
			slots = append(slots, c.layout.add(c.real(t.At(i).Type())))
		}
		c.slots[v] = slots
	default:
		switch v.(type) {
		case *ssa.Range:
			c.slots[v] = []slot{c.layout.add(reflect.TypeFor[unsafe.Pointer]())}
		case *ssa.Builtin:
		default:
			c.slots[v] = []slot{c.layout.add(c.real(t))}
		}
	}
}

// addNext gives slots to what a range yields; a blank key or value has the type invalid there.
func (c *compiler) addNext(next *ssa.Next) {
	ok := c.layout.add(reflect.TypeFor[bool]())
	if next.IsString {
		c.slots[next] = []slot{ok, c.layout.add(reflect.TypeFor[int]()), c.layout.add(reflect.TypeFor[rune]())}
		return
	}
	m := c.typeOf(next.Iter.(*ssa.Range).X)
	c.slots[next] = []slot{ok, c.layout.add(m.Key()), c.layout.add(m.Elem())}
}

// isDeferStack tells whether a type is the one of go/ssa's token for a function's deferred calls, or a pointer to it.
func isDeferStack(t types.Type) bool {
	for {
		p, ok := t.(*types.Pointer)
		if !ok {
			break
		}
		t = p.Elem()
	}
	return t.String() == "deferStack"
}

func deref(t types.Type) types.Type {
	return t.Underlying().(*types.Pointer).Elem()
}

// reg is the register of a value.
func (c *compiler) reg(v ssa.Value) reg { return c.component(v, 0) }

// place is the register of a value with its type.
func (c *compiler) place(v ssa.Value) place {
	t := c.typeOf(v)
	return place{c.reg(v), copierOf(t), t}
}

// component is the register of one component of a tuple.
func (c *compiler) component(v ssa.Value, i int) reg {
	slots, ok := c.slots[v]
	if !ok || i >= len(slots) {
		panic(fmt.Sprintf("%s in %s has no register", v, c.f.ssa))
	}
	return c.regs.place(slots[i])
}

// constants computes what stands in registers from the start.
func (c *compiler) presets() {
	for _, v := range c.values {
		t := c.typeOf(v)
		p := newObject(descriptor(t))
		switch v := v.(type) {
		case *ssa.Const:
			setConst(valueAt(t, p), v)
		case *ssa.Global:
			*(*unsafe.Pointer)(p) = c.address(v)
		case *ssa.Function:
			*(*unsafe.Pointer)(p) = c.functionValue(v, t)
		}
		c.f.presets = append(c.f.presets, preset{c.reg(v), copierOf(t), p})
	}
	for _, p := range c.f.ssa.Params {
		c.f.params = append(c.f.params, c.place(p))
	}
	for _, v := range c.f.ssa.FreeVars {
		c.f.free = append(c.f.free, c.place(v))
	}
	for i := range c.f.results {
		c.f.results[i].reg = c.regs.place(c.results[i])
	}
}

// setConst sets a variable to a constant.
func setConst(dst reflect.Value, c *ssa.Const) {
	if c.Value == nil {
		return // nil, or the zero value
	}
	value := c.Value
	switch dst.Kind() {
	case reflect.Bool:
		dst.SetBool(constant.BoolVal(value))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		dst.SetInt(c.Int64())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		dst.SetUint(c.Uint64())
	case reflect.Float32:
		f, _ := constant.Float32Val(value)
		dst.SetFloat(float64(f))
	case reflect.Float64:
		f, _ := constant.Float64Val(value)
		dst.SetFloat(f)
	case reflect.Complex64, reflect.Complex128:
		dst.SetComplex(c.Complex128())
	case reflect.String:
		if value.Kind() == constant.String {
			dst.SetString(constant.StringVal(value))
			return
		}
		dst.SetString(string(rune(c.Int64())))
	case reflect.UnsafePointer:
		*(*uintptr)(dst.Addr().UnsafePointer()) = uintptr(c.Uint64())
	default:
		panic(fmt.Sprintf("constant %s of type %s", c, dst.Type()))
	}
}

// generate compiles the blocks.
func (c *compiler) generate() {
	fn := c.f.ssa
	c.blocks = make([]*block, len(fn.Blocks))
	for i := range c.blocks {
		c.blocks[i] = &block{}
	}
	for i, b := range fn.Blocks {
		c.ops, c.pos = nil, nil
		var next func(*frame) *block
		for _, instr := range b.Instrs {
			before := len(c.ops)
			if terminator, ends := c.terminator(b, instr); ends {
				next = terminator
			} else {
				c.instruction(instr)
			}
			for range len(c.ops) - before {
				c.pos = append(c.pos, int32(position(instr)))
			}
		}
		c.blocks[i].ops, c.blocks[i].pos, c.blocks[i].next = c.ops, c.pos, next
	}
	c.f.entry = c.blocks[0]
	if isWrapper(fn) {
		c.f.entry.ops = append([]op{func(fr *frame) { fr.deferring = fr.deferredBy }}, c.f.entry.ops...)
		c.f.entry.pos = append([]int32{0}, c.f.entry.pos...)
	}
	c.f.guarded = fn.Recover != nil || c.lends
	if fn.Recover != nil {
		c.f.recovery = c.blocks[fn.Recover.Index]
	}
}

// isWrapper tells whether a function only stands before a method. If it is deferred, the method may recover.
func isWrapper(fn *ssa.Function) bool {
	for _, kind := range []string{"wrapper", "bound", "thunk"} {
		if strings.HasPrefix(fn.Synthetic, kind) {
			return true
		}
	}
	return false
}

// position is the source position of an instruction or, where it has none, of what it works on.
func position(instr ssa.Instruction) token.Pos {
	if pos := instr.Pos(); pos != token.NoPos {
		return pos
	}
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return instr.X.Pos()
	case *ssa.Store:
		return instr.Addr.Pos()
	}
	return token.NoPos
}

func (c *compiler) emit(o op) { c.ops = append(c.ops, o) }

// instruction compiles one instruction that does not end a block.
func (c *compiler) instruction(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.DebugRef, *ssa.Phi:
	case *ssa.Extract:
		c.extract(instr)
	case *ssa.Alloc:
		c.alloc(instr)
	case *ssa.Store:
		c.store(instr)
	case *ssa.UnOp:
		c.unary(instr)
	case *ssa.BinOp:
		if !c.fused(instr) {
			c.binary(instr)
		}
	case *ssa.Convert:
		c.convert(instr)
	case *ssa.MultiConvert:
		panic(fmt.Sprintf("%s: a conversion between type parameters", instr))
	case *ssa.ChangeType:
		c.move(c.reg(instr), c.reg(instr.X), c.copierOf(instr))
	case *ssa.ChangeInterface:
		c.changeInterface(instr)
	case *ssa.MakeInterface:
		c.makeInterface(instr)
	case *ssa.TypeAssert:
		c.typeAssert(instr)
	case *ssa.SliceToArrayPointer:
		c.sliceToArrayPointer(instr)
	case *ssa.MakeClosure:
		c.makeClosure(instr)
	case *ssa.MakeMap:
		c.makeMap(instr)
	case *ssa.MakeChan:
		c.makeChan(instr)
	case *ssa.MakeSlice:
		c.makeSlice(instr)
	case *ssa.Slice:
		c.slice(instr)
	case *ssa.FieldAddr:
		c.fieldAddr(instr)
	case *ssa.Field:
		c.field(instr)
	case *ssa.IndexAddr:
		c.indexAddr(instr)
	case *ssa.Index:
		c.index(instr)
	case *ssa.Lookup:
		c.lookup(instr)
	case *ssa.MapUpdate:
		c.mapUpdate(instr)
	case *ssa.Range:
		c.rangeOver(instr)
	case *ssa.Next:
		c.next(instr)
	case *ssa.Send:
		c.send(instr)
	case *ssa.Select:
		c.selectCase(instr)
	case *ssa.Call:
		c.call(instr)
	case *ssa.Go:
		c.goCall(instr)
	case *ssa.Defer:
		c.deferCall(instr)
	case *ssa.RunDefers:
		c.emit(func(fr *frame) { fr.runDefers() })
	default:
		panic(fmt.Sprintf("instruction %T", instr))
	}
}

// extract copies a component out of a tuple.
func (c *compiler) extract(e *ssa.Extract) {
	if t, ok := e.Type().(*types.Basic); ok && t.Kind() == types.Invalid {
		return // a blank of a range
	}
	c.move(c.reg(e), c.component(e.Tuple, e.Index), c.copierOf(e))
}
