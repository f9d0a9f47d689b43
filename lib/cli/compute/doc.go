// Package compute holds the verbs that need libtorch or FAISS; they are in the native executable only.
//
// What the library does not know comes in as a function: [NewRun] makes a training's hook that logs to a tracker.
package compute
