package tracker

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Table is a small table that a run wrote at a step, such as a few papers with the summaries generated for them. Tables
// are only ever added.
type Table struct {
	Key     string
	Step    int64
	Time    time.Time // to the millisecond
	Session int64
	Columns []string // their titles
	Rows    [][]any  // a cell is nil, a bool, an int64, a float64 (NaN and infinities too) or a string
}

// Normalize brings a table into the form in which every store keeps it, or says what is wrong with it. Cells are
// converted as [NewParams] converts parameters.
func (t *Table) Normalize() (err error) {
	if t.Key, err = CleanKey(t.Key); err != nil {
		return err
	}
	cleanTimes(&t.Time)
	columns := make([]string, len(t.Columns))
	for i, title := range t.Columns {
		columns[i] = CleanText(title)
	}
	rows := make([][]any, len(t.Rows))
	for i, row := range t.Rows {
		if len(row) != len(columns) {
			return fmt.Errorf("%w row %d of table %s: %d cells in %d columns", ErrInvalid, i, t.Key, len(row), len(columns))
		}
		rows[i] = make([]any, len(row))
		for j, cell := range row {
			if rows[i][j], err = normalizeCell(cell); err != nil {
				return fmt.Errorf("row %d of table %s, column %s: %w", i, t.Key, columns[j], err)
			}
		}
	}
	t.Columns, t.Rows = columns, rows
	return nil
}

func normalizeCell(value any) (any, error) {
	cell, err := normalizeParam(value)
	switch cell.(type) {
	case []any, map[string]any:
		return nil, fmt.Errorf("%w cell of type %T: want a number, a text, true, false or nil", ErrInvalid, value)
	}
	return cell, err
}

// EncodeRows gives the JSON under which a store keeps the rows of a normalized table. A float64 always has a point or an
// exponent, which an int64 never has; those that JSON does not know are objects such as {"float":"NaN"}.
func EncodeRows(rows [][]any) (string, error) {
	encoded := make([][]json.RawMessage, len(rows))
	for i, row := range rows {
		encoded[i] = make([]json.RawMessage, len(row))
		for j, cell := range row {
			text, err := encodeCell(cell)
			if err != nil {
				return "", err
			}
			encoded[i][j] = text
		}
	}
	text, err := json.Marshal(encoded)
	return string(text), err
}

// notJSON is a number for which JSON has no notation.
type notJSON struct {
	Float string `json:"float"`
}

func encodeCell(cell any) (json.RawMessage, error) {
	number, ok := cell.(float64)
	if !ok {
		return json.Marshal(cell)
	}
	text := strconv.FormatFloat(number, 'g', -1, 64)
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return json.Marshal(notJSON{text})
	}
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return json.RawMessage(text), nil
}

// DecodeRows turns what [EncodeRows] gave back into rows.
func DecodeRows(text string) ([][]any, error) {
	var encoded [][]json.RawMessage
	if err := json.Unmarshal([]byte(text), &encoded); err != nil {
		return nil, fmt.Errorf("%w table: %w", ErrCorrupt, err)
	}
	rows := make([][]any, len(encoded))
	for i, row := range encoded {
		rows[i] = make([]any, len(row))
		for j, cell := range row {
			var err error
			if rows[i][j], err = decodeCell(string(cell)); err != nil {
				return nil, fmt.Errorf("%w table, cell %.40s: %w", ErrCorrupt, cell, err)
			}
		}
	}
	return rows, nil
}

func decodeCell(text string) (value any, err error) {
	switch {
	case strings.HasPrefix(text, "{"):
		var number notJSON
		if err := json.Unmarshal([]byte(text), &number); err != nil {
			return nil, err
		}
		return strconv.ParseFloat(number.Float, 64)
	case strings.ContainsAny(text[:1], "-0123456789"):
		if strings.ContainsAny(text, ".eE") {
			return strconv.ParseFloat(text, 64)
		}
		return strconv.ParseInt(text, 10, 64)
	case strings.HasPrefix(text, "["):
		return nil, fmt.Errorf("a list is no cell")
	}
	err = json.Unmarshal([]byte(text), &value)
	return value, err
}
