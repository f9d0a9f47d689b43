// Package cli holds the library's verbs that need neither libtorch nor FAISS (doctor, fetch, tokenize, rouge), and hands those
// that compute to the executable that has both. The computing verbs themselves are in package compute, below.
//
// Each verb is a function that returns its cobra command, a new one at each call; main.go puts them together:
//
//	root.AddCommand(cli.Doctor(), cli.Fetch(), cli.Tokenize(), cli.Rouge())
//	root.AddCommand(cli.HandOff()...)
package cli
