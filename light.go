//go:build !native

package main

import (
	"github.com/spf13/cobra"

	kernel "paperlab/kernel/cli"
	lib "paperlab/lib/cli"
)

// computing are the verbs that need libtorch or FAISS: handed to the native executable.
func computing() []*cobra.Command { return lib.HandOff() }

// notebooks are the verbs of the kernel; what runs cells is handed over too.
func notebooks() []*cobra.Command {
	run := lib.ToNative(lib.Verb{Name: "run", Short: "Run a kernel on the sockets of a connection file"})
	run.PreRunE = kernel.ReserveSockets
	return []*cobra.Command{
		kernel.KernelCommand(run),
		kernel.Notebook(lib.ToNative(lib.Verb{Name: "run", Short: "Run a notebook, cell by cell"})),
	}
}
