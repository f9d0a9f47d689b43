// Package wiretest is a Jupyter client for the tests of the kernel. It speaks ZeroMQ through zmq4's own sockets, which share
// little with the kernel's side.
package wiretest
