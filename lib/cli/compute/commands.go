package compute

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/train"
)

// NewRun starts the record of a training or an evaluation of the given name with its parameters, and returns the hook that fills it; among
// says which of several processes this is. It is main's:
// the library knows no tracker.
type NewRun func(ctx context.Context, name string, params map[string]any, among Ranks) (train.Hook, error)

// Commands returns the computing verbs, new ones at each call. A nil newRun trains, and a nil keep evaluates, without a record; open
// serves the pages, draw makes the plots.
func Commands(newRun NewRun, keep Keep, draw Drawing, open Open) []*cobra.Command {
	return []*cobra.Command{
		initialise(),
		group("train", trainSummarizeCommand(newRun), trainSearchCommand(newRun)),
		group("eval", evalSummarizeCommand(newRun), evalSearchCommand(keep, draw)),
		summarizeCommand(open),
		group("index", indexBuildCommand(), indexAddCommand(), indexSearchCommand(), indexServeCommand(open), indexInfoCommand()),
		embedCommand(),
		group("checkpoints", checkpointsListCommand(), checkpointsVerifyCommand(), checkpointsCopyCommand()),
		probe(),
	}
}

// group returns a command that only holds others; its example is the first of each.
func group(name string, verbs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: name, Short: cli.Short(name)}
	cmd.AddCommand(verbs...)
	var examples []string
	for _, verb := range verbs {
		first, _, _ := strings.Cut(verb.Example, "\n")
		examples = append(examples, first)
	}
	cmd.Example = strings.Join(examples, "\n")
	return cmd
}
