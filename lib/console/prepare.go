package console

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Prepare gives a tree of commands the manners of this package; call it once, when the tree is complete. Errors are
// left to [Report]. Wrong flags and arguments, missing flags and unknown commands are misuse, with a hint at what may
// have been meant and at the command's help. A command that does not say by Args which arguments it takes, takes none.
// Help fits the terminal that it is shown on.
func Prepare(root *cobra.Command) {
	root.SilenceUsage, root.SilenceErrors = true, true
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(help)
	prepare(root)
}

func prepare(c *cobra.Command) {
	switch {
	case c.DisableFlagParsing: // it reads its arguments itself, or hands them on
	case isGroup(c):
		prepareGroup(c)
	default:
		prepareVerb(c)
	}
	for _, sub := range c.Commands() {
		prepare(sub)
	}
}

// isGroup says whether a command only holds others.
func isGroup(c *cobra.Command) bool { return !c.Runnable() && c.HasSubCommands() }

// prepareGroup refuses unknown commands. cobra would show the help of the group, as if nothing were wrong.
func prepareGroup(c *cobra.Command) {
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return pflag.ErrHelp
		}
		return unknownCommand(c, args[0])
	}
	// cobra looks at Args only if the command can run; it then never does.
	c.RunE = func(*cobra.Command, []string) error { return pflag.ErrHelp }
	c.DisableFlagsInUseLine = true
	c.Annotations = withGroup(c.Annotations)
}

// group marks, among a command's annotations, one that only holds others, since prepareGroup makes it runnable.
const group = "paperlab/group"

func withGroup(annotations map[string]string) map[string]string {
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[group] = ""
	return annotations
}

func prepareVerb(c *cobra.Command) {
	check := c.Args
	if check == nil {
		check = cobra.NoArgs
	}
	c.Args = func(c *cobra.Command, args []string) error {
		// cobra checks the flags later, and without a place to mark the error.
		for _, err := range []error{named(c, args, check(c, args)), c.ValidateRequiredFlags(), c.ValidateFlagGroups()} {
			if err != nil {
				return misuse(c, err, "")
			}
		}
		return nil
	}
}

// named says which arguments are wanted where cobra only counts them.
func named(c *cobra.Command, args []string, err error) error {
	if err == nil || !strings.Contains(err.Error(), "arg(s)") {
		return err
	}
	_, want, _ := strings.Cut(c.Use, " ")
	got := "nothing"
	if len(args) > 0 {
		got = strconv.Quote(strings.Join(args, " "))
	}
	return fmt.Errorf("%s: wants %s, got %s", strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" "), want, got)
}

func flagError(c *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	if _, isGroup := c.Annotations[group]; isGroup && c.Flags().NArg() > 0 {
		return unknownCommand(c, c.Flags().Arg(0)) // whose flag it may be
	}
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" {
		if near := nearestFlag(c.Flags(), unknown.GetSpecifiedName()); near != "" {
			return misuse(c, err, "did you mean --"+near+"?")
		}
	}
	return misuse(c, plainly(err), "")
}

// plainly says what a flag wants where the error names the function that could not read its value.
func plainly(err error) error {
	var wrong *strconv.NumError
	if !errors.As(err, &wrong) {
		return err
	}
	want := map[string]string{"ParseFloat": "a number is needed", "ParseBool": "true or false is needed"}[wrong.Func]
	switch {
	case errors.Is(wrong, strconv.ErrRange):
		want = "it is out of range"
	case want == "":
		want = "a whole number is needed"
	}
	return errors.New(strings.Replace(err.Error(), wrong.Error(), want, 1))
}

func unknownCommand(c *cobra.Command, name string) error {
	if c.SuggestionsMinimumDistance <= 0 {
		c.SuggestionsMinimumDistance = 2
	}
	guess := ""
	if near := c.SuggestionsFor(name); len(near) > 0 {
		guess = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return misuse(c, fmt.Errorf("unknown command %q for %q", name, c.CommandPath()), guess)
}

// misuse marks err and hints at what was meant, or at the help.
func misuse(c *cobra.Command, err error, guess string) error {
	if guess == "" {
		guess = "see " + c.CommandPath() + " --help"
	}
	return Hint(Usage(err), guess)
}

// nearestFlag returns the flag whose name is at most two letters away, or starts with what was typed.
func nearestFlag(flags *pflag.FlagSet, typed string) string {
	best, distance := "", 3
	flags.VisitAll(func(f *pflag.Flag) {
		d := levenshtein.ComputeDistance(typed, f.Name)
		if len(typed) > 1 && strings.HasPrefix(f.Name, typed) {
			d = min(d, 2)
		}
		if !f.Hidden && d < distance && d < len(f.Name) {
			best, distance = f.Name, d
		}
	})
	return best
}
