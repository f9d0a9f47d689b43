package session

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// who lists the live names as a table of text.
func who(r *run, _ step) ([]any, error) {
	names := r.session.engine.Names()
	if len(names) == 0 {
		r.print("The notebook has declared nothing.")
		return nil, nil
	}
	table := tabwriter.NewWriter(r.out.writer(stdout), 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "Name\tKind\tType\tValue")
	for _, n := range names {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", n.Name, n.Kind, oneLine(n.Type), oneLine(n.Value))
	}
	return nil, table.Flush()
}

// oneLine keeps a cell of the table in its row.
func oneLine(text string) string {
	const most = 80
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return text
}

func reset(r *run, step step) ([]any, error) {
	if step.arg != "" && step.arg != "-f" {
		return nil, fmt.Errorf("%%reset %q: it takes no arguments", step.arg)
	}
	if err := r.session.engine.Reset(); err != nil {
		return nil, err
	}
	r.print("The notebook has forgotten what it had declared.")
	return nil, nil
}
