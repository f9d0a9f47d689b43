package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

// checkNotebooks tells whether the outputs of notebooks are those of their cells.
func checkNotebooks() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Say whether the outputs of notebooks are still those of their cells",
		Long: `Say whether the outputs of notebooks are still those of their cells. A notebook is fresh if paperlab nb run ran each of its code
cells as it is now, in their order, and none failed that may not. Exit status 1 if one is stale, or is no valid notebook.`,
		Example: `  paperlab nb check notebooks/*.ipynb
  paperlab nb check --json summarize.ipynb`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			show := printVerdict
			if asJSON {
				show = printVerdictJSON
			}
			bad := 0
			for _, path := range args {
				v := judge(path)
				if v.Status != fresh {
					bad++
				}
				if err := show(cmd.OutOrStdout(), v); err != nil {
					return err
				}
			}
			if bad > 0 {
				return staleError{bad, len(args)}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, one object a notebook")
	return cmd
}

// What a notebook may be.
const (
	fresh   = "fresh"
	stale   = "stale"
	invalid = "invalid"
)

// verdict is what is said of one notebook.
type verdict struct {
	File   string      `json:"file"`
	Status string      `json:"status"`
	Error  string      `json:"error,omitempty"`
	Cells  []staleCell `json:"cells"`
}

type staleCell struct {
	Cell  int            `json:"cell"`
	State headless.State `json:"state"`
	Line  string         `json:"line"`
}

func judge(path string) verdict {
	v := verdict{File: path, Status: fresh, Cells: []staleCell{}}
	nb, err := nbformat.Read(path)
	if err != nil {
		v.Status, v.Error = invalid, err.Error()
		return v
	}
	for _, s := range headless.Check(nb) {
		v.Status, v.Cells = stale, append(v.Cells, staleCell(s))
	}
	return v
}

func printVerdictJSON(w io.Writer, v verdict) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// printVerdict writes a line for each cell; several in a row of one state share theirs.
func printVerdict(w io.Writer, v verdict) error {
	if v.Status != stale {
		text := v.File + ": fresh"
		if v.Error != "" {
			text = v.Error // it names the file
		}
		_, err := fmt.Fprintln(w, text)
		return err
	}
	for rest := v.Cells; len(rest) > 0; {
		first, n := rest[0], 1
		for n < len(rest) && rest[n].State == first.State {
			n++
		}
		which := fmt.Sprintf("cell %d %q", first.Cell, first.Line)
		if n > 1 {
			which = fmt.Sprintf("cells %d to %d (%d of code)", first.Cell, rest[n-1].Cell, n)
		}
		if _, err := fmt.Fprintf(w, "%s: %s: %s\n", v.File, which, first.State.Explain()); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// staleError says that notebooks are not fresh.
type staleError struct{ bad, all int }

func (e staleError) Error() string {
	return fmt.Sprintf("nb check: %d of %d notebooks not fresh", e.bad, e.all)
}

// Hint says how to mend it.
func (staleError) Hint() string { return "paperlab nb run FILE brings one up to date" }
