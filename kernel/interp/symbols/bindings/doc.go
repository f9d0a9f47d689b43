// Package bindings holds the generated bindings of the packages that every kernel has. Importing it registers them with
// package symbols: the standard library, gonum, and this project's public packages, of which those that need libtorch
// or FAISS are there in a build with the tag native.
package bindings
