package cli_test

import (
	"context"
	"fmt"
	"os"

	"paperlab/kernel/cli"
)

// The doctor verb asks for Jupyter; what is missing comes with its mend.
func ExampleJupyter() {
	os.Setenv("PATH", "/nowhere")
	found, mend := cli.Jupyter(context.Background())
	fmt.Println(found)
	fmt.Println(mend)
	// Output:
	// no jupyter on the PATH
	// pip install jupyterlab (in a virtual environment)
}
