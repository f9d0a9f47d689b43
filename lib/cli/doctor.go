package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
)

// Check looks at one part of the machine. Run returns what it found and, where something is missing, the mend; an empty
// mend means ok.
type Check struct {
	Part string
	Run  func(ctx context.Context) (found, mend string)
}

// finding is a line of doctor's answer; its JSON is an object a line.
type finding struct {
	Part   string `json:"part"`
	Status string `json:"status"` // ok or missing
	Found  string `json:"found"`
	Mend   string `json:"mend,omitempty"`
}

// Doctor returns the verb that tells what works on this machine: its own checks of processor, GPU, libtorch, FAISS and
// disk, and those handed in. It works, and exits with 0, where libtorch is missing: it is there to say so.
func Doctor(more ...Check) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Tell what works on this machine and how to mend the rest",
		Long: `Tell what works on this machine (processor, GPU, libtorch, FAISS, SQLite, Jupyter, disk), each ok or missing,
and for what is missing the mend.`,
		Example: `  paperlab doctor
  paperlab doctor --json | jq -r 'select(.status == "missing") | .mend'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings, err := examine(cmd.Context(), append(machineChecks(), more...))
			if err != nil {
				return err
			}
			if asJSON {
				return printFindingsJSON(cmd.OutOrStdout(), findings)
			}
			return printFindings(cmd.OutOrStdout(), findings)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return cmd
}

// examine runs the checks, each for a while only: a driver may hang.
func examine(ctx context.Context, checks []Check) ([]finding, error) {
	findings := make([]finding, 0, len(checks))
	for _, check := range checks {
		limited, cancel := context.WithTimeout(ctx, 20*time.Second)
		found, mend := check.Run(limited)
		cancel()
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("doctor: %w", err)
		}
		status := "ok"
		if mend != "" {
			status = "missing"
		}
		findings = append(findings, finding{Part: check.Part, Status: status, Found: found, Mend: mend})
	}
	return findings, nil
}

func printFindingsJSON(w io.Writer, findings []finding) error {
	for _, f := range findings {
		if err := console.JSON(w, f); err != nil {
			return err
		}
	}
	return nil
}

func printFindings(w io.Writer, findings []finding) error {
	rows := make([][]string, 0, len(findings))
	for _, f := range findings {
		if f.Mend == "" {
			f.Found = brief(f.Found)
		}
		rows = append(rows, []string{f.Part, f.Status, f.Found})
	}
	if err := console.Table(w, []string{"part", "", "found"}, rows); err != nil {
		return err
	}
	heading := "\nTo mend the rest:\n"
	for _, f := range findings {
		if f.Mend == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s  %s: %s\n", heading, f.Part, f.Mend); err != nil {
			return err
		}
		heading = ""
	}
	return nil
}

// brief cuts what is too long for a line, such as the versions of all parts of Jupyter, between two parts of it; --json has all.
func brief(found string) string {
	const widest = 90 // bytes
	if len(found) <= widest {
		return found
	}
	end := strings.LastIndex(found[:widest], ", ")
	if end < 0 {
		return found
	}
	return found[:end] + ", …"
}
