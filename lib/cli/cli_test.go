package cli_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
)

// asCommand makes the test binary behave as the light executable.
const asCommand = "PAPERLAB_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) == "" {
		os.Exit(m.Run())
	}
	err := command().Execute()
	console.Report(os.Stderr, err)
	os.Exit(console.Exit(err))
}

func command() *cobra.Command {
	root := &cobra.Command{Use: "paperlab"}
	root.AddCommand(cli.Doctor(), cli.Fetch(), cli.Launch(), cli.Cache(), cli.Papers(), cli.Publish(), cli.Tokenize(), cli.Rouge())
	root.AddCommand(cli.HandOff()...)
	console.Prepare(root)
	return root
}

// answer is what a command printed, and its error as a person reads it.
type answer struct {
	out, err string
	exit     int
}

// run calls the command as main does.
func run(ctx context.Context, stdin io.Reader, args ...string) answer {
	root := command()
	var out, err bytes.Buffer
	root.SetIn(stdin)
	root.SetOut(&out)
	root.SetErr(&err)
	root.SetArgs(args)
	failure := root.ExecuteContext(ctx)
	console.Report(&err, failure)
	return answer{out.String(), err.String(), console.Exit(failure)}
}

// wantError fails unless the command ended with that exit code and a message that has all of the parts.
func (a answer) wantError(t *testing.T, exit int, parts ...string) {
	t.Helper()
	if a.exit != exit || a.out != "" {
		t.Errorf("exit %d with output %q, want %d and none; the error: %s", a.exit, a.out, exit, a.err)
	}
	for _, part := range parts {
		if !strings.Contains(a.err, part) {
			t.Errorf("the error %q does not say %q", a.err, part)
		}
	}
}

// write puts a file into a folder of the test and returns its path.
func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
