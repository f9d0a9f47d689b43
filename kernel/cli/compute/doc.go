// Package compute holds the kernel's verbs that run cells: they need the interpreter, and with it every package that cells
// can import.
package compute
