package frame

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"unicode/utf8"
)

// Read makes a table of the first limit objects of a stream of JSON lines, of all where limit is 0, and reads little
// further than that. Columns stand in the order in which their names first appear; a name that an object lacks is null
// there; of a name given twice the last value holds. Lists and objects inside an object are kept as JSON text. Blank
// lines are skipped, and each invalid byte of UTF-8 becomes U+FFFD. Read fails on a line that is no JSON object, naming
// its number, when the stream fails, and when ctx ends.
func Read(ctx context.Context, r io.Reader, limit int) (*Frame, error) {
	if limit < 0 {
		return nil, fmt.Errorf("frame: read %d records: the number must not be negative", limit)
	}
	var b builder
	lines := bufio.NewReader(r)
	for number := 1; limit == 0 || b.rows < limit; number++ {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("frame: reading line %d: %w", number, context.Cause(ctx))
		}
		line, err := lines.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("frame: reading line %d: %w", number, err)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			if err := b.add(line); err != nil {
				return nil, fmt.Errorf("frame: line %d: %w", number, err)
			}
		}
		if err == io.EOF {
			break
		}
	}
	return b.frame(), nil
}

// ReadFile is [Read] of the file at path, plain or gzip.
func ReadFile(ctx context.Context, path string, limit int) (*Frame, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("frame: %w", err)
	}
	defer file.Close()
	lines, err := unpacked(file)
	if err != nil {
		return nil, fmt.Errorf("%s: frame: %w", path, err)
	}
	f, err := Read(ctx, lines, limit)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// unpacked is what gzip packed, which its first two bytes tell, or r itself.
func unpacked(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	if magic, _ := buffered.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	return gzip.NewReader(buffered)
}

// builder gathers records.
type builder struct {
	columns []column
	places  map[string]int // of each column, by name
	rows    int
}

// add appends the object that line holds.
func (b *builder) add(line []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(validUTF8(line)))
	if token, err := decoder.Token(); err != nil {
		return notAnObject(err)
	} else if token != json.Delim('{') {
		return fmt.Errorf("not a JSON object: it begins with %v", token)
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return notAnObject(err)
		}
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return notAnObject(err)
		}
		cell, err := parseCell(raw)
		if err != nil {
			return fmt.Errorf("field %q: %w", name, err)
		}
		b.set(name.(string), cell)
	}
	if _, err := decoder.Token(); err != nil { // the closing brace
		return notAnObject(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("something follows the JSON object: each line must hold one")
	}
	b.rows++
	return nil
}

func notAnObject(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = errors.New("it ends too early")
	}
	return fmt.Errorf("not a JSON object: %w", err)
}

// set puts a cell of the current record into its column, which is made where the name is new.
func (b *builder) set(name string, cell any) {
	place, ok := b.places[name]
	if !ok {
		if b.places == nil {
			b.places = map[string]int{}
		}
		place = len(b.columns)
		b.places[name] = place
		b.columns = append(b.columns, column{name: name})
	}
	c := &b.columns[place]
	c.cells = append(padded(c.cells, b.rows), cell)
}

func (b *builder) frame() *Frame {
	for i := range b.columns {
		b.columns[i].cells = padded(b.columns[i].cells, b.rows)
	}
	return &Frame{columns: b.columns, rows: b.rows}
}

// padded returns cells with nulls appended, or the last ones taken off, to be n long.
func padded(cells []any, n int) []any {
	for len(cells) < n {
		cells = append(cells, nil)
	}
	return cells[:n]
}

// parseCell turns a JSON value into a cell. Whole numbers beyond 64 bits become float64.
func parseCell(raw json.RawMessage) (any, error) {
	switch raw[0] {
	case '{', '[':
		var compact bytes.Buffer
		err := json.Compact(&compact, raw)
		return nested(compact.String()), err
	case '"', 't', 'f', 'n':
		var value any
		err := json.Unmarshal(raw, &value)
		return value, err
	}
	if whole, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return whole, nil
	}
	return strconv.ParseFloat(string(raw), 64)
}

// validUTF8 returns line with U+FFFD in place of each invalid byte.
func validUTF8(line []byte) []byte {
	if utf8.Valid(line) {
		return line
	}
	return bytes.Map(func(r rune) rune { return r }, line)
}
