// Package session is one notebook's life: its cells with their magics and output, the queue of requests, interrupts,
// input, history and comms.
//
// A [Session] runs cells on an [Engine], one at a time, and hands on what they show: text, displays and results, in their
// order, whoever wrote it. That much needs no Jupyter, and is what a headless run uses. [Serve] puts a session behind the
// sockets of package wire: it answers Jupyter's requests until the kernel is shut down.
package session
