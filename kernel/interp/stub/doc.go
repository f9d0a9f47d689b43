// Package stub gives functions that are made at run time code addresses which the garbage collector knows.
//
// An interface value calls a method by jumping to a plain text address with the receiver as first argument. A method of
// a type that a notebook declares has no such address: it is a function value. Package github.com/goplus/reflectx bridges
// that with assembly that keeps the arguments in a frame of its own, and the collector, which knows nothing of that
// frame, frees what they point to ("found bad pointer in Go heap").
//
// The entries here have no frame. Each loads its function value into the context register, which is all that tells a
// call of a function value from one of a function, and jumps to its code: reflect.MakeFunc's, whose frames the runtime
// knows by name. Arguments and results stay where Go's internal calling convention put them, whatever their types.
//
// Method tables are never freed, so neither is an entry. There are [Capacity].
package stub
