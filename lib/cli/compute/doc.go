// Package compute holds the verbs that need libtorch or FAISS; they are in the native executable only.
//
// A verb is a type: its fields are the flags, its method run is what it does. What the library does not know comes in as a
// function: [NewRun] makes the hook by which a training is recorded.
//
// Results go to standard output and nothing else does; progress and what was skipped go to standard error.
package compute
