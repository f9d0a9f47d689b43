package compute_test

import (
	"context"
	"fmt"

	"paperlab/kernel/cli/compute"
)

// The verb reads the connection file that Jupyter wrote for it.
func ExampleRun() {
	verb := compute.Run(nil)
	verb.SilenceErrors, verb.SilenceUsage = true, true
	verb.SetArgs([]string{"/nowhere/kernel.json"})
	fmt.Println(verb.ExecuteContext(context.Background()))
	// Output: kernel run: read connection file: open /nowhere/kernel.json: no such file or directory
}
