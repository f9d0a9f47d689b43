package tensor

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/sugarme/gotch/libtch"

	"paperlab/lib/tensor/native"
)

// Scope owns tensors: it frees their C memory when it is closed. It belongs to one goroutine.
type Scope struct {
	// Training tells the layers that behave otherwise while a model learns (dropout) to do so. False in a new scope.
	Training bool

	device  Device
	tensors []*Tensor
	err     error
	closed  bool
	out     *libtch.Ctensor // where C writes a result: on the heap, alone, as cgo's pointer rules ask
}

// NewScope returns an open scope whose new tensors lie on device d.
func NewScope(d Device) *Scope { return &Scope{device: d, out: new(libtch.Ctensor)} }

// Child returns an open scope with the device and training mode of s, for intermediate results that should be freed before s is
// closed. It shares no tensors with s and is closed on its own; [Scope.Adopt] hands its error on.
func (s *Scope) Child() *Scope {
	c := NewScope(s.device)
	c.Training = s.Training
	return c
}

// Device is where the scope's new tensors lie.
func (s *Scope) Device() Device { return s.device }

// Err returns the first failure of an operation of this scope, nil if all succeeded.
func (s *Scope) Err() error { return s.err }

// Fail makes err the scope's error if it has none yet: for layers that check their own input. A nil err does nothing.
func (s *Scope) Fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// Close frees every tensor that the scope still owns. Closing twice is harmless.
func (s *Scope) Close() {
	for _, t := range s.tensors {
		if t != nil {
			t.free()
		}
	}
	s.tensors, s.closed = nil, true
}

// Keep moves t out of the scope that owns it into s, so that it lives as long as s. It returns t; nil stays nil.
func (s *Scope) Keep(t *Tensor) *Tensor {
	if t == nil || t.scope == s {
		return t
	}
	if t.c == nil {
		s.Fail(errors.New("tensor: keep: the tensor was freed with its scope"))
		return nil
	}
	t.scope.tensors[t.slot] = nil
	return s.own(t)
}

// Adopt moves ts and the error of their scope from into s, then closes from. It returns false where from had failed.
func (s *Scope) Adopt(from *Scope, ts ...*Tensor) bool {
	s.Fail(from.err)
	for _, t := range ts {
		s.Keep(t)
	}
	from.Close()
	return from.err == nil
}

// Len is the number of tensors that the scope owns.
func (s *Scope) Len() int {
	n := 0
	for _, t := range s.tensors {
		if t != nil {
			n++
		}
	}
	return n
}

func (s *Scope) own(t *Tensor) *Tensor {
	t.scope, t.slot = s, len(s.tensors)
	s.tensors = append(s.tensors, t)
	return t
}

// do runs one operation that makes one tensor: it checks the operands, calls C on one OS thread (libtorch's last error is
// the thread's), and takes the result into the scope.
func (s *Scope) do(op string, call func(out *libtch.Ctensor), operands ...*Tensor) *Tensor {
	if !s.ready(op, operands) {
		return nil
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	*s.out = nil
	call(s.out)
	if *s.out == nil {
		s.Fail(operationError(op, lastError(), operands))
		return nil
	}
	runtime.KeepAlive(operands)
	return s.own(&Tensor{c: *s.out})
}

// doNative is do for our own C++ functions, which return their error.
func (s *Scope) doNative(op string, call func() (native.Handle, error), operands ...*Tensor) *Tensor {
	if !s.ready(op, operands) {
		return nil
	}
	out, err := call()
	if err != nil {
		s.Fail(operationError(op, err.Error(), operands))
		return nil
	}
	runtime.KeepAlive(operands)
	return s.own(&Tensor{c: libtch.Ctensor(out)})
}

// ready says whether op may run; an operand that is nil or freed is the scope's error.
func (s *Scope) ready(op string, operands []*Tensor) bool {
	if s.err != nil {
		return false
	}
	if s.closed {
		s.err = fmt.Errorf("tensor: %s: the scope is closed", op)
		return false
	}
	for i, t := range operands {
		switch {
		case t == nil:
			s.err = fmt.Errorf("tensor: %s: operand %d is nil, the result of an operation that failed in another scope", op, i)
		case t.c == nil:
			s.err = fmt.Errorf("tensor: %s: operand %d was freed with its scope (Keep moves a tensor out)", op, i)
		default:
			continue
		}
		return false
	}
	return true
}

// lastError takes libtorch's error of this OS thread.
func lastError() string {
	message := native.TakeString(native.Handle(libtch.GetAndResetLastErr()))
	// The backtrace that follows helps only libtorch's own developers.
	message, _, _ = strings.Cut(message, "\nException raised from")
	message, _, _ = strings.Cut(message, "\nframe #")
	if message == "" {
		return "libtorch gave no result and no reason"
	}
	return message
}

// operationError names the operation and its operands' types and shapes.
func operationError(op, reason string, operands []*Tensor) error {
	var b strings.Builder
	for i, t := range operands {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(t.String())
	}
	if strings.Contains(reason, "can't allocate memory") || strings.Contains(reason, "out of memory") {
		return fmt.Errorf("tensor: %s(%s): %w: %s", op, b.String(), ErrNoMemory, reason)
	}
	return fmt.Errorf("tensor: %s(%s): %s", op, b.String(), reason)
}

// ErrNoMemory is in the chain of an error about an allocation that the system or the device refused: one of tensors, that is. Where a limit
// on the address space (ulimit -v) leaves nothing for Go's own, Go's runtime ends the process.
var ErrNoMemory = errors.New("memory refused (a smaller batch or shorter texts need less)")
