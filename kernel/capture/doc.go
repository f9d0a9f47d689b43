// Package capture takes what a process writes to its file descriptors 1 and 2: output of C code, of compiled Go and of
// child processes, which know nothing of the notebook that they run in.
//
// A kernel calls [Start] once, with a function that shows the output, and [Capture.Flush] where output has to be shown
// before something else. What Go's runtime says when the process crashes still reaches the real standard error.
package capture
