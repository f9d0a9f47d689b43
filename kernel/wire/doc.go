// Package wire speaks the Jupyter messaging protocol, version 5.4, from the kernel's side: messages and their signatures,
// the connection file, and the five sockets over ZeroMQ.
//
// A kernel calls [Listen] with the [Connection] that Jupyter wrote for it, takes requests from the [Router]s Shell,
// Control and Stdin, answers them there, and broadcasts what it does on the [Publisher] IOPub. The heartbeat answers by
// itself. What a message carries is one of the Content types of this package.
//
// A message whose signature is wrong, that is not of the protocol or that was seen before is dropped and logged. A reader
// that stops reading is disconnected before it holds up anybody or fills the memory.
//
// The protocol is described at https://jupyter-client.readthedocs.io/en/stable/messaging.html, iopub_welcome in Jupyter's
// enhancement proposal 65.
package wire
