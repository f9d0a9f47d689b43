package corpus

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
)

// separators are those of the fields, by the ends of files' names.
var separators = map[string]rune{".csv": ',', ".tsv": '\t'}

// separatorOf returns what separates the fields of a file of that name, 0 where it is no table.
func separatorOf(name string) rune {
	return separators[strings.ToLower(path.Ext(strings.TrimSuffix(name, ".gz")))]
}

// readCSV yields the rows of a table (RFC 4180) as papers: its first row names the fields, by which the layout is known as that of a
// JSON record is.
func readCSV(ctx context.Context, r io.Reader, name string, separator rune) iter.Seq2[Paper, error] {
	return func(yield func(Paper, error) bool) {
		in, err := unwrap(bufio.NewReaderSize(r, 1<<16))
		if err != nil {
			yield(Paper{}, fmt.Errorf("corpus: %s: %w", name, err))
			return
		}
		table := csv.NewReader(in)
		table.Comma = separator
		fields, err := fieldNames(table)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(Paper{}, fmt.Errorf("corpus: %s: the row of field names: %w", name, err))
			return
		}
		if twice := repeated(fields); twice != "" {
			yield(Paper{}, fmt.Errorf("corpus: %s: two columns are named %q (rename one)", name, twice))
			return
		}
		var decode decoder
		for {
			if ctx.Err() != nil {
				yield(Paper{}, fmt.Errorf("corpus: %s: reading stopped: %w", name, context.Cause(ctx)))
				return
			}
			row, err := table.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			var malformed *csv.ParseError
			if err != nil && !errors.As(err, &malformed) {
				yield(Paper{}, fmt.Errorf("corpus: %s: cannot be read: %w", name, whyUnreadable(err)))
				return
			}
			line := 0
			if malformed != nil {
				line, err = malformed.StartLine, malformed.Err
			} else {
				line, _ = table.FieldPos(0)
			}
			var p Paper
			if err == nil {
				p, err = decodeFields(&decode, fields, row)
			}
			if err != nil {
				err = &LineError{File: name, Line: line, Err: err}
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

// fieldNames reads the first row.
func fieldNames(table *csv.Reader) ([]string, error) {
	fields, err := table.Read()
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	return fields, err
}

// repeated returns the first name, blank ones left aside, that comes again; empty where none does.
func repeated(names []string) string {
	for i, name := range names {
		if name != "" && slices.Contains(names[:i], name) {
			return name
		}
	}
	return ""
}

// decodeFields makes a paper of a row, by way of the JSON object that it stands for. The decoder is found by the first row.
func decodeFields(decode *decoder, fields, row []string) (Paper, error) {
	record := make(map[string]any, len(fields))
	for i, name := range fields {
		record[name] = row[i]
	}
	return decodeRecord(decode, record)
}

// decodeRecord makes a paper of a record that came with names and values.
func decodeRecord(decode *decoder, record map[string]any) (p Paper, err error) {
	line, err := json.Marshal(record)
	if err != nil {
		return Paper{}, err
	}
	if *decode == nil {
		if *decode, err = detect(line); err != nil {
			return Paper{}, err
		}
	}
	return (*decode)(line)
}
