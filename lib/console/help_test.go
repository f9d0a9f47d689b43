package console_test

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
)

func helped() *cobra.Command {
	root := &cobra.Command{Use: "paperlab"}
	plot := &cobra.Command{
		Use: "plot", Short: "draw", Run: func(*cobra.Command, []string) {},
		Long: "Draw the curves of runs into a file, one curve a run,\nwith a legend.\n\n  png    for screens\n  pdf    for papers, in which every line of text stays a text that can be found",
	}
	plot.Flags().String("title", "", "what stands above the curves, in one line, shortened where it is too long")
	root.AddCommand(plot)
	console.Prepare(root)
	root.SetArgs([]string{"plot", "--help"})
	return root
}

func TestHelpIsBrokenToTheWidthOfTheTerminal(t *testing.T) {
	screen, terminal := pseudoTerminal(t, 50)
	root := helped()
	root.SetOut(terminal)
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	screen.wait("help for plot")
	screen.wait("too long")
	for _, part := range []string{
		"Draw the curves of runs into a file, one curve a\r\nrun, with a legend.\r\n\r\n  png    for screens\r\n  pdf    for papers, in which every line of text stays a text that can be found\r\n",
		"      --title string   what stands above the\r\n                       curves, in one line,\r\n",
	} {
		if !strings.Contains(screen.seen, part) {
			t.Errorf("%q is not in %q", part, screen.seen)
		}
	}
}

func TestHelpForProgramsIsNotBroken(t *testing.T) {
	var out strings.Builder
	root := helped()
	root.SetOut(&out)
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"one curve a run,\nwith a legend.\n\n  png", "above the curves, in one line, shortened where it is too long\n"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("%q is not in %q", part, out.String())
		}
	}
}

func TestHelpOfAGroupNamesItsCommandsOnly(t *testing.T) {
	var out strings.Builder
	root := helped()
	root.SetOut(&out)
	root.SetArgs(nil)
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "Usage:\n  paperlab [command]\n") {
		t.Errorf("%q", out.String())
	}
}
