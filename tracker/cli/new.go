package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func newCommand() *cobra.Command {
	var flags common
	var options runs.Options
	var parent string
	var params, tags []string
	cmd := &cobra.Command{
		Use:   "new",
		Short: "Start a run that no process owns, and print its ID",
		Long: `Start a run that no process owns, and print its ID. Log to it with "paperlab log", and end it with
"paperlab runs finish": it goes on until then.`,
		Example: `  id=$(paperlab runs new --name baseline --param lr=5e-5)
  paperlab log --run $id --step 1 train/loss=2.5
  paperlab runs finish $id
  paperlab runs new --group sweep --param lr=1e-4 --tag owner=me`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if options.Params, err = pairs("param", params, parseParam); err != nil {
				return err
			}
			if options.Tags, err = pairs("tag", tags, func(text string) string { return text }); err != nil {
				return err
			}
			return flags.withStore(cmd.Context(), func(store tracker.Store) error {
				if parent != "" {
					if options.Parent, err = runs.Find(cmd.Context(), store, parent); err != nil {
						return err
					}
				}
				run, err := runs.Create(cmd.Context(), store, options)
				if err != nil {
					return err
				}
				if flags.json {
					return show(cmd, store, run.ID(), true)
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), run.ID())
				return err
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&options.Name, "name", "", "name of the run (default: made from its ID)")
	cmd.Flags().StringVar(&options.Project, "project", "default", "project that it belongs to")
	cmd.Flags().StringVar(&options.Group, "group", "", "name of the group of runs that it belongs to")
	cmd.Flags().StringVar(&parent, "parent", "", "run that it is a part of")
	cmd.Flags().StringArrayVar(&params, "param", nil, "parameter, as KEY=VALUE; may be repeated")
	cmd.Flags().StringArrayVar(&tags, "tag", nil, "tag, as KEY=VALUE; may be repeated")
	return cmd
}

// pairs reads KEY=VALUE arguments of a flag. The value is what follows the first equals sign.
func pairs[V any](flag string, args []string, parse func(string) V) (map[string]V, error) {
	values := map[string]V{}
	for _, arg := range args {
		key, text, ok := strings.Cut(arg, "=")
		if !ok || key == "" {
			return nil, usageError{fmt.Errorf("--%s %q: want KEY=VALUE", flag, arg)}
		}
		values[key] = parse(text)
	}
	return values, nil
}

// parseParam gives a parameter the type that its text looks like.
func parseParam(text string) any {
	if text == "true" || text == "false" {
		return text == "true"
	}
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		return v
	}
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return v
	}
	return text
}
