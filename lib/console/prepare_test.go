package console_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
)

// tree is a small command: a group of two verbs, and a verb beside it.
func tree() (root *cobra.Command, ran *string) {
	ran = new(string)
	run := func(c *cobra.Command, args []string) error {
		*ran = c.Name() + " " + strings.Join(args, " ")
		return nil
	}
	root = &cobra.Command{Use: "paperlab"}
	train := &cobra.Command{Use: "train", Short: "train a model"}
	summarize := &cobra.Command{Use: "summarize", Short: "train to summarize", RunE: run}
	summarize.Flags().Float64("learning-rate", 5e-5, "")
	summarize.Flags().Int("epochs", 3, "")
	train.AddCommand(summarize, &cobra.Command{Use: "search", RunE: run})
	rouge := &cobra.Command{Use: "rouge FILE", Args: cobra.ExactArgs(1), RunE: run}
	rouge.Flags().String("refs", "", "")
	rouge.Flags().Bool("each", false, "")
	rouge.Flags().Bool("mean", false, "")
	if err := rouge.MarkFlagRequired("refs"); err != nil {
		panic(err)
	}
	rouge.MarkFlagsMutuallyExclusive("each", "mean")
	fail := &cobra.Command{Use: "fail", RunE: func(*cobra.Command, []string) error { return errors.New("disk full") }}
	raw := &cobra.Command{Use: "launch", DisableFlagParsing: true, RunE: run}
	root.AddCommand(train, rouge, fail, raw)
	console.Prepare(root)
	return root, ran
}

func TestCommandsEndWithTheirCodeAndReport(t *testing.T) {
	for line, c := range map[string]struct {
		code int
		want string // of the report, or what ran
	}{
		"train summarize --epochs 2": {0, "summarize "},
		"rouge f --refs g":           {0, "rouge f"},
		"launch -n 2 -- train":       {0, "launch -n 2 -- train"},
		"fail":                       {1, "paperlab: disk full\n"},
		"trian":                      {2, `paperlab: unknown command "trian" for "paperlab" (did you mean train?)` + "\n"},
		"trian --epochs 2":           {2, `paperlab: unknown command "trian" for "paperlab" (did you mean train?)` + "\n"},
		"quux":                       {2, `paperlab: unknown command "quux" for "paperlab" (see paperlab --help)` + "\n"},
		"train s":                    {2, `paperlab: unknown command "s" for "paperlab train" (did you mean search or summarize?)` + "\n"},
		"train --quux":               {2, "paperlab: unknown flag: --quux (see paperlab train --help)\n"},
		"train summarize --lerning-rate 1": {2,
			"paperlab: unknown flag: --lerning-rate (did you mean --learning-rate?)\n"},
		"train summarize --learn 1": {2, "paperlab: unknown flag: --learn (did you mean --learning-rate?)\n"},
		"train summarize -z":        {2, "paperlab: unknown shorthand flag: 'z' in -z (see paperlab train summarize --help)\n"},
		"train summarize --epochs x": {2, `paperlab: invalid argument "x" for "--epochs" flag: a whole number is needed` +
			" (see paperlab train summarize --help)\n"},
		"train summarize extra": {2, `paperlab: unknown command "extra" for "paperlab train summarize" (see paperlab train summarize --help)` + "\n"},
		"rouge --refs g":        {2, "paperlab: rouge: wants FILE, got nothing (see paperlab rouge --help)\n"},
		"rouge f":               {2, `paperlab: required flag(s) "refs" not set (see paperlab rouge --help)` + "\n"},
		"rouge f --refs g --each --mean": {2, "paperlab: if any flags in the group [each mean] are set none of the others can be; " +
			"[each mean] were all set (see paperlab rouge --help)\n"},
	} {
		t.Run(line, func(t *testing.T) {
			root, ran := tree()
			var out, report strings.Builder
			root.SetOut(&out)
			root.SetErr(&out)
			root.SetArgs(strings.Fields(line))
			err := root.Execute()
			console.Report(&report, err)
			got := report.String()
			if err == nil {
				got = *ran
			}
			if code := console.Exit(err); code != c.code || got != c.want {
				t.Errorf("exit %d, %q; want %d, %q", code, got, c.code, c.want)
			}
			if out.Len() > 0 {
				t.Errorf("cobra printed %q itself", out.String())
			}
		})
	}
}

func TestHelpIsShownForTheCommandAndItsGroups(t *testing.T) {
	for line, want := range map[string]string{
		"":                       "Available Commands:",
		"train":                  "train to summarize",
		"train --help":           "train to summarize",
		"train summarize --help": "--learning-rate",
	} {
		root, ran := tree()
		var out strings.Builder
		root.SetOut(&out)
		root.SetArgs(strings.Fields(line))
		if err := root.Execute(); err != nil {
			t.Errorf("%q: %v", line, err)
		}
		if !strings.Contains(out.String(), want) || *ran != "" {
			t.Errorf("%q: ran %q and printed %q", line, *ran, out.String())
		}
	}
}
