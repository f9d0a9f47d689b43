// Package symbols knows which packages a cell may import, and their types and docs.
//
// A compiled program forgets most of what the type checker needs: names of parameters, generic declarations, packages
// whose functions nobody calls. Bindings keep it. Those of the standard library, gonum and this project are in
// package bindings, which registers them when it is imported; package bind writes them.
//
// What is registered: in github.com/goplus/ixgo's registry, the functions, variables and types of a package as
// reflection sees them; here, its types as the type checker sees them, the types that nobody can name, and docs.
// [Install] makes both known to an ixgo.Context.
package symbols

//go:generate go run ./generate
