package cli

import (
	"context"
	"fmt"
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
		Example: `  paperlab doctor
  paperlab doctor --json | jq -r 'select(.status == "missing") | .mend'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings := examine(cmd.Context(), append(machineChecks(), more...))
			if asJSON {
				for _, f := range findings {
					if err := console.JSON(cmd.OutOrStdout(), f); err != nil {
						return err
					}
				}
				return nil
			}
			missing := 0
			rows := make([][]string, 0, len(findings))
			for _, f := range findings {
				found := f.Found
				if f.Mend != "" {
					missing++
					found += "\n-> " + f.Mend
				}
				rows = append(rows, []string{f.Part, f.Status, found})
			}
			if err := console.Table(cmd.OutOrStdout(), []string{"part", "", "found"}, rows); err != nil {
				return err
			}
			if missing > 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "%d missing; the arrows say what to do.\n", missing)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return cmd
}

func examine(ctx context.Context, checks []Check) []finding {
	findings := make([]finding, 0, len(checks))
	for _, check := range checks {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		found, mend := check.Run(ctx)
		cancel()
		status := "ok"
		if mend != "" {
			status = "missing"
		}
		findings = append(findings, finding{Part: check.Part, Status: status, Found: found, Mend: mend})
	}
	return findings
}
