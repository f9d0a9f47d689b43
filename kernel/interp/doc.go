// Package interp runs the cells of a Go notebook.
//
// A cell is Go as it stands in a file or in a function, or both mixed: declarations in any order, imports anywhere,
// statements that run in their order. What it declares is known to later cells, its last expression is shown:
//
//	import "strings"
//	words := strings.Fields("to be or not to be")
//	func count(s string) (n int) {
//		for _, w := range words {
//			if w == s {
//				n++
//			}
//		}
//		return n
//	}
//	count("be")
//
// Where a notebook differs from a Go package:
//
//   - A name may be declared again. A variable or function of the same type stays the same one, with a new value: code of
//     earlier cells sees it. One of another type is new; earlier code keeps the old. A type declared again is a new type.
//   - A method may be declared in a later cell than its type, which is then declared again, with the methods that it had.
//   - Imports and variables at the top level need not be used.
//   - x := f(x) uses the x of an earlier cell.
//   - init runs once with its cell, main when it is called.
//
// # How
//
// [Interp.Run] takes a cell apart (split.go, step.go), checks it by go/types as a package of its own, around whose scope lies
// one with the live names that it mentions (check.go, names.go), changes what was checked into a form in which variables have
// no initial values and one function does all that the cell does, in order (order.go, lower.go), and hands that to the
// back end, package exec (run.go). So errors are Go's own, a cell that has any leaves no trace, and the work for a cell
// does not grow with the number of cells before it.
//
// [Interp.Complete] and [Interp.Inspect] check the unfinished source in the same way (probe.go).
package interp
