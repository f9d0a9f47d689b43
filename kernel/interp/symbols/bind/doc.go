// Package bind writes bindings: Go files that hand the functions, variables and types of compiled packages to the
// notebook's interpreter, and a data file of what the compiled program itself forgets: types as the type checker knows
// them, and doc comments.
//
// It works on packages as the go command sees them, and needs that command. What it writes depends on nothing but those
// packages' sources: the same in, the same out.
package bind
