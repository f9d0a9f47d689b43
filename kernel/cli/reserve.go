package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/kernel/wire"
)

// ReserveSockets opens the sockets of the kernel that "kernel run FILE" is about to start in the native executable, so that
// Jupyter is connected when that is loaded.
func ReserveSockets(_ *cobra.Command, args []string) error {
	if len(args) != 1 || strings.HasPrefix(args[0], "-") {
		return nil // help, or misuse: the verb itself says what is wrong
	}
	connection, err := wire.ReadConnection(args[0])
	if err == nil {
		err = wire.Reserve(connection)
	}
	if err != nil {
		return fmt.Errorf("kernel run: %w", err)
	}
	return nil
}
