// Package exec runs Go in SSA form: the back end of the notebook's interpreter.
//
// A type-checked package is built to SSA by golang.org/x/tools/go/ssa, and each function, at its first call, is compiled
// to Go closures, one an instruction, that work on registers. The registers of a call are one piece of typed memory in
// which every value has the very layout that compiled Go gives it: no value is boxed, pointers, atomics and unsafe work,
// the garbage collector sees every pointer, and what interpreted and compiled code hand to each other needs no
// translation. Function values are real ones, so compiled code can call them; types with methods are real too
// (github.com/goplus/ixgo's type records over reflectx), so fmt, sort, errors.As and encoding/json see their methods.
//
// What belongs to one cell is a [Task]: its goroutines, its output, and the flag that interrupts them.
package exec
