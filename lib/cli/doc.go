// Package cli holds the library's verbs that need neither libtorch nor FAISS (doctor, tokenize, rouge), and hands those
// that compute to the executable that has both. The computing verbs themselves are in package compute, below.
//
// Each verb is a function that returns its cobra command; main.go puts them together.
package cli
