package cli_test

import (
	"log"
	"os"

	"github.com/spf13/cobra"

	"paperlab/tracker/cli"
)

// The program's root takes the verbs in.
func Example() {
	folder, err := os.MkdirTemp("", "cli-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	for _, line := range [][]string{
		{"runs", "new", "--name", "baseline", "--json"},
		{"log", "--run", "none", "--step", "1", "train/loss=2.5"},
	} {
		root := &cobra.Command{Use: "paperlab", SilenceErrors: true, SilenceUsage: true}
		root.AddCommand(cli.Commands()...)
		root.SetOut(os.Stderr)
		root.SetArgs(append(line, "--db", folder+"/paperlab.db"))
		if err := root.Execute(); err != nil {
			root.SetOut(os.Stdout)
			root.Println("paperlab:", err)
		}
	}
	// Output:
	// paperlab: find run none: not found
}
