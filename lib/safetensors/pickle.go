package safetensors

import (
	"bytes"
	"fmt"
)

// The opcodes of pickle protocol 2 that torch.save uses for a state dict, by their names in Python's pickletools.
const (
	opMark       = '('
	opEmptyTuple = ')'
	opStop       = '.'
	opBinInt     = 'J'
	opBinInt1    = 'K'
	opBinInt2    = 'M'
	opNone       = 'N'
	opBinPersID  = 'Q'
	opReduce     = 'R'
	opBinUnicode = 'X'
	opBuild      = 'b'
	opGlobal     = 'c'
	opBinGet     = 'h'
	opLongBinGet = 'j'
	opBinPut     = 'q'
	opLongBinPut = 'r'
	opSetItem    = 's'
	opTuple      = 't'
	opSetItems   = 'u'
	opEmptyDict  = '}'
	opProto      = 0x80
	opTuple1     = 0x85
	opTuple2     = 0x86
	opTuple3     = 0x87
	opNewTrue    = 0x88
	opNewFalse   = 0x89
	opLong1      = 0x8a
)

// The values that a program computes with: nil, bool, int64, string, storage, entry (a tensor), and these.
type (
	global string // "module name"
	tuple  []any
	dict   struct{ items []item } // OrderedDict too, in order of insertion
	item   struct {
		key   string
		value any
	}
)

// pickle interprets a pickle program. It makes values of the types above and nothing else; what the program may name
// and call is decided in statedict.go. The first error stops it: until run sees that error, reading a program that
// has ended and popping an empty stack yield zero values.
type pickle struct {
	program []byte // what is left of it
	record  func(key string) ([]byte, error)
	stack   []any
	marks   []int
	memo    map[uint64]any
	err     error
}

// run interprets the program up to its STOP and returns the value that it leaves.
func (p *pickle) run() (any, error) {
	for p.err == nil {
		op := p.uint(1)
		if op == opStop {
			return p.pop(), p.err
		}
		p.step(op)
	}
	return nil, p.err
}

func (p *pickle) step(op uint64) {
	switch op {
	case opProto:
		if v := p.uint(1); v != 2 {
			p.fail("pickle protocol %d, not 2", v)
		}

	case opNone:
		p.push(nil)
	case opNewTrue, opNewFalse:
		p.push(op == opNewTrue)
	case opBinInt1:
		p.push(int64(p.uint(1)))
	case opBinInt2:
		p.push(int64(p.uint(2)))
	case opBinInt:
		p.push(int64(int32(p.uint(4))))
	case opLong1:
		p.push(p.long())
	case opBinUnicode:
		p.push(string(p.take(p.uint(4))))

	case opMark:
		p.marks = append(p.marks, len(p.stack))
	case opEmptyTuple:
		p.push(tuple{})
	case opTuple:
		p.push(tuple(p.popMarked()))
	case opTuple1, opTuple2, opTuple3:
		p.push(tuple(p.popN(int(op - opTuple1 + 1))))
	case opEmptyDict:
		p.push(&dict{})
	case opSetItem:
		p.setItems(p.popN(2))
	case opSetItems:
		p.setItems(p.popMarked())

	case opBinPut, opLongBinPut:
		v := p.pop()
		p.memo[p.uint(memoWidth(op))] = v
		p.push(v)
	case opBinGet, opLongBinGet:
		v, ok := p.memo[p.uint(memoWidth(op))]
		if !ok {
			p.fail("it recalls a value that it did not store")
		}
		p.push(v)

	case opGlobal:
		p.push(p.global())
	case opBinPersID:
		p.push(p.storage(popAs[tuple](p)))
	case opReduce:
		args := popAs[tuple](p)
		p.push(p.call(popAs[global](p), args))
	case opBuild:
		// The attributes of an OrderedDict, which are the version numbers of a model's modules: of no use here.
		p.pop()
		p.push(popAs[*dict](p))

	default:
		p.fail("opcode %#02x is not one that a state dict needs", op)
	}
}

// memoWidth is the number of bytes of the memo index that follows an opcode.
func memoWidth(op uint64) int {
	if op == opLongBinPut || op == opLongBinGet {
		return 4
	}
	return 1
}

func (p *pickle) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
}

// take consumes n bytes of the program.
func (p *pickle) take(n uint64) []byte {
	if n > uint64(len(p.program)) {
		p.fail("its pickle is cut short")
		return nil
	}
	b := p.program[:n]
	p.program = p.program[n:]
	return b
}

// uint consumes an unsigned little-endian number.
func (p *pickle) uint(bytes int) (n uint64) {
	for i, b := range p.take(uint64(bytes)) {
		n |= uint64(b) << (8 * i)
	}
	return n
}

// long consumes LONG1's number: its length, then that many bytes in two's complement.
func (p *pickle) long() int64 {
	length := p.uint(1)
	if length == 0 {
		return 0
	}
	if length > 8 {
		p.fail("it holds a number of %d bytes", length)
		return 0
	}
	unused := 64 - 8*length
	return int64(p.uint(int(length))<<unused) >> unused
}

// line consumes what is left of a line.
func (p *pickle) line() string {
	line, rest, ok := bytes.Cut(p.program, []byte("\n"))
	if !ok {
		p.fail("its pickle is cut short")
	}
	p.program = rest
	return string(line)
}

func (p *pickle) push(v any) { p.stack = append(p.stack, v) }

// popN pops the upper n values, which are the caller's; those below the last mark stay.
func (p *pickle) popN(n int) []any {
	floor := 0
	if len(p.marks) > 0 {
		floor = p.marks[len(p.marks)-1]
	}
	if len(p.stack)-n < floor {
		p.fail("its pickle takes values that are not there")
		return make([]any, n)
	}
	values := append([]any(nil), p.stack[len(p.stack)-n:]...)
	p.stack = p.stack[:len(p.stack)-n]
	return values
}

func (p *pickle) pop() any { return p.popN(1)[0] }

// popMarked pops the values above the last mark, and the mark.
func (p *pickle) popMarked() []any {
	if len(p.marks) == 0 {
		p.fail("its pickle takes values that are not there")
		return nil
	}
	values := p.popN(len(p.stack) - p.marks[len(p.marks)-1])
	p.marks = p.marks[:len(p.marks)-1]
	return values
}

// popAs pops a value that must be of type T.
func popAs[T any](p *pickle) T { return as[T](p, p.pop()) }

// as asserts that a value is of type T.
func as[T any](p *pickle, v any) T {
	t, ok := v.(T)
	if !ok {
		p.fail("its pickle has %T where a state dict has %T", v, t)
	}
	return t
}

// setItems puts keys and values, in turns, into the dict on the stack.
func (p *pickle) setItems(pairs []any) {
	d := popAs[*dict](p)
	if len(pairs)%2 != 0 {
		p.fail("its pickle has a key without a value")
	}
	for len(pairs) >= 2 && p.err == nil {
		d.items = append(d.items, item{as[string](p, pairs[0]), pairs[1]})
		pairs = pairs[2:]
	}
	p.push(d)
}
