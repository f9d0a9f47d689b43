// Package interp runs the cells of a Go notebook.
package interp
