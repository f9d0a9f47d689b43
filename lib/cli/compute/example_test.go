package compute_test

import (
	"os"

	"github.com/spf13/cobra"

	"paperlab/lib/cli/compute"
	"paperlab/lib/console"
)

// The native executable's main adds the verbs to its root; without a NewRun trainings leave no record, without an Open nothing is served.
func Example() {
	root := &cobra.Command{Use: "paperlab"}
	root.AddCommand(compute.Commands(nil, nil, compute.Drawing{}, nil)...)
	console.Prepare(root)
	root.SetArgs([]string{"train", "search", "--per-group", "0"})
	console.Report(os.Stdout, root.Execute())
	// Output:
	// paperlab: invalid argument "0" for "--per-group" flag: at least 1 is needed (see paperlab train search --help)
}
