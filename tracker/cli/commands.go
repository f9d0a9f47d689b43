package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// Commands returns the verbs, new ones at each call: "runs" with those under it, "log", "plot" and "serve". They write to the command's
// output, and their errors are for the caller to print.
func Commands() []*cobra.Command {
	group := &cobra.Command{
		Use:   "runs",
		Short: "List, show, compare, start, end, keep and remove runs",
		Example: `  paperlab runs ls
  paperlab runs show 01k0z6v8mhk2t6gq6v0wz3n5tb --json`,
		Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return usageError{errors.New("runs: want a verb such as ls or show; see paperlab runs --help")}
		},
	}
	group.AddCommand(listCommand(), showCommand(), newCommand(), finishCommand(), gcCommand(), backupCommand(), checkCommand())
	group.AddCommand(compareCommand(), diffCommand(), tagCommand(), noteCommand(), removeCommand(), restoreCommand(), tailCommand())
	group.AddCommand(exportCommand(), importCommand())
	return []*cobra.Command{group, logCommand(), plotCommand(), serveCommand()}
}

// usageError marks an error as the caller's misuse of the command line.
type usageError struct{ error }

func (usageError) Usage() bool     { return true }
func (e usageError) Unwrap() error { return e.error }

// usage marks what an argument check finds as misuse.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check(cmd, args) == nil {
			return nil
		}
		verb := strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
		_, want, _ := strings.Cut(cmd.Use, " ")
		switch {
		case cmd.HasSubCommands():
			return usageError{fmt.Errorf("%s: there is no verb %q", verb, args[0])}
		case want == "":
			return usageError{fmt.Errorf("%s: wants no arguments, got %q", verb, strings.Join(args, " "))}
		}
		got := "nothing"
		if len(args) > 0 {
			got = strconv.Quote(strings.Join(args, " "))
		}
		return usageError{fmt.Errorf("%s: wants %s, got %s", verb, want, got)}
	}
}

// common are the flags that every verb has.
type common struct {
	db   string
	json bool
}

func (c *common) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.db, "db", "", "database (default: $PAPERLAB_DB, or the nearest paperlab.db up to the repository's root)")
	cmd.Flags().BoolVar(&c.json, "json", false, "print JSON, one object a line")
}

// withStore opens the store, a new one if need be, for the length of do.
func (c *common) withStore(ctx context.Context, do func(tracker.Store) error) error {
	store, err := runs.Open(ctx, c.db)
	return use(store, err, do)
}

// withExisting opens the store, which must exist, for the length of do.
func (c *common) withExisting(ctx context.Context, do func(tracker.Store) error) error {
	store, err := runs.OpenExisting(ctx, c.db)
	return use(store, err, do)
}

// use calls do with a store that was opened without error, and closes it.
func use(store tracker.Store, opened error, do func(tracker.Store) error) error {
	if opened != nil {
		return opened
	}
	return errors.Join(do(store), store.Close())
}
