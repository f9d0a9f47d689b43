package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/tracker"
)

// maxNote is the longest note that is read from standard input, in bytes.
const maxNote = 1 << 20

func noteCommand() *cobra.Command {
	var flags common
	cmd := &cobra.Command{
		Use:   "note RUN TEXT|-",
		Short: "Write down something about a run",
		Long:  `Write down something about a run, in place of its note so far; - reads the text from standard input.` + naming,
		Example: `  paperlab runs note baseline "Diverges without warm-up."
  paperlab runs note baseline - < thoughts.txt`,
		Args: usage(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			text := args[1]
			if text == "-" {
				read, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxNote+1))
				if err != nil {
					return fmt.Errorf("runs note: read standard input: %w", err)
				}
				if len(read) > maxNote {
					return usageError{fmt.Errorf("runs note: the text is longer than %d bytes", maxNote)}
				}
				text = strings.TrimRight(string(read), "\n")
			}
			return flags.change(cmd, args[0], func(run *tracker.Run) error {
				run.Notes = text
				return nil
			})
		},
	}
	flags.add(cmd)
	return cmd
}
