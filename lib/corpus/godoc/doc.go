// Package godoc makes a corpus of the documentation of Go's standard library, the text that every machine with a Go
// toolchain has: real prose, written by people, in some thousands of short documents.
//
// Each package and each exported symbol is a paper. Its name is the title, the first sentence of its comment the
// abstract, the other sentences the article. Comments of fewer than three sentences are left out, as are code blocks.
package godoc
