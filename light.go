//go:build !native

package main

import (
	"github.com/spf13/cobra"

	lib "paperlab/lib/cli"
)

// computing are the verbs that need libtorch or FAISS: handed to the native executable.
func computing() []*cobra.Command { return lib.HandOff() }
