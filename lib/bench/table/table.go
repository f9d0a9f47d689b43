package table

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"

	"github.com/google/renameio/v2"

	"paperlab/lib/console"
)

// Table is what was measured.
type Table struct {
	Results []Result
	Absent  []Absent
}

// Result is a row that was measured. Ours and Peer are in Unit; Ratio above 1 means that ours is better.
type Result struct {
	Work     string  `json:"work"`
	Unit     string  `json:"unit"`
	Ours     float64 `json:"ours"`
	Peer     float64 `json:"peer"`
	PeerName string  `json:"peer_name"`
	Ratio    float64 `json:"ratio"`
	Reach    float64 `json:"reach"`
}

// Met says whether the row is as fast as was asked for.
func (r Result) Met() bool { return r.Ratio >= r.Reach }

// Absent is a row without figures. It Failed unless nobody could expect it to be there.
type Absent struct {
	Work, Reason string
	Failed       bool
}

// Err names the rows that failed; nil where none did.
func (t Table) Err() error {
	failed := 0
	for _, a := range t.Absent {
		if a.Failed {
			failed++
		}
	}
	if failed == 0 {
		return nil
	}
	return fmt.Errorf("bench: %d of %d rows could not be measured", failed, len(t.Results)+len(t.Absent))
}

// Print writes the table for people, the absent rows under it.
func (t Table) Print(w io.Writer) error {
	rows := make([][]string, len(t.Results))
	for i, r := range t.Results {
		met := "no"
		if r.Met() {
			met = "yes"
		}
		rows[i] = []string{r.Work, r.Unit, digits(r.Ours), digits(r.Peer), r.PeerName, digits(r.Ratio), digits(r.Reach), met}
	}
	if len(rows) > 0 {
		if err := console.Table(w, []string{"work", "unit", "ours", "peer", "peer's name", "ratio", "reach", "met"}, rows); err != nil {
			return err
		}
	}
	if len(t.Absent) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(w, "\nnot measured:"); err != nil {
		return err
	}
	for _, a := range t.Absent {
		if _, err := fmt.Fprintf(w, "  %s: %s\n", a.Work, a.Reason); err != nil {
			return err
		}
	}
	return nil
}

// digits shows three significant digits, never an exponent.
func digits(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v >= 1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

// WriteJSON writes the results as a JSON list, one object a line. The file is replaced whole or not at all.
func (t Table) WriteJSON(path string) error {
	text := []byte("[")
	for i, r := range t.Results {
		line, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("bench: %s: %w", r.Work, err)
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(text, '\n'), line...)
	}
	text = append(text, "\n]\n"...)
	if err := renameio.WriteFile(path, text, 0o644, renameio.WithTempDir(filepath.Dir(path))); err != nil {
		return fmt.Errorf("bench: write %s: %w", path, err)
	}
	return nil
}
