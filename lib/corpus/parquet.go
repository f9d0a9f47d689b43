package corpus

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/parquet-go/parquet-go"
)

// parquetMagic opens and closes every Parquet file.
const parquetMagic = "PAR1"

// isParquet looks at the first bytes of a file, and leaves it at its start.
func isParquet(f *os.File) bool {
	var magic [len(parquetMagic)]byte
	_, err := f.ReadAt(magic[:], 0)
	return err == nil && string(magic[:]) == parquetMagic
}

// readParquet yields the rows of a Parquet file as papers, as the Hugging Face hub converts data sets: columns have the names of the
// fields of JSON records, and hold text or lists of it. It holds the pages of one row at a time.
func readParquet(ctx context.Context, f *os.File, name string) iter.Seq2[Paper, error] {
	return func(yield func(Paper, error) bool) {
		rows, err := openParquet(f)
		if err != nil {
			yield(Paper{}, fmt.Errorf("corpus: %s: %w", name, err))
			return
		}
		if rows == nil {
			return
		}
		defer rows.Close()
		var decode decoder
		for n := 1; ; n++ {
			if ctx.Err() != nil {
				yield(Paper{}, fmt.Errorf("corpus: %s: reading stopped before row %d: %w", name, n, context.Cause(ctx)))
				return
			}
			record, err := nextRow(rows)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Paper{}, fmt.Errorf("corpus: %s: row %d cannot be read (fetch the file again): %w", name, n, err))
				return
			}
			p, err := decodeRecord(&decode, record)
			if err != nil {
				err = &LineError{File: name, Line: n, Err: err}
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

// openParquet returns the reader of a file's rows, nil where it has none: the library fails to look for the first.
func openParquet(f *os.File) (rows *parquet.GenericReader[any], err error) {
	defer recoverParquet(&err)
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := checkFooter(f, info.Size()); err != nil {
		return nil, fmt.Errorf("is damaged (fetch the file again): %w", err)
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("is damaged (fetch the file again): %w", err)
	}
	if file.NumRows() == 0 {
		return nil, nil
	}
	return parquet.NewGenericReader[any](file), nil
}

// checkFooter refuses a file whose last bytes promise a longer description than there is room for: the library would ask for as much
// memory first.
func checkFooter(f io.ReaderAt, size int64) error {
	var end [4 + len(parquetMagic)]byte
	if _, err := f.ReadAt(end[:], size-int64(len(end))); err != nil {
		return err
	}
	length := int64(binary.LittleEndian.Uint32(end[:4]))
	if string(end[4:]) != parquetMagic || length > size-int64(len(end)+len(parquetMagic)) {
		return errors.New("it ends early")
	}
	return nil
}

// nextRow returns the next record, or io.EOF.
func nextRow(rows *parquet.GenericReader[any]) (record map[string]any, err error) {
	defer recoverParquet(&err)
	var row [1]any
	n, err := rows.Read(row[:])
	if n == 0 {
		if err == nil {
			err = io.EOF
		}
		return nil, err
	}
	record, ok := row[0].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("it holds %T, not named columns", row[0])
	}
	for name, value := range record {
		record[name] = textOf(value)
	}
	return record, nil
}

// textOf turns byte strings, alone or in lists, into texts.
func textOf(value any) any {
	switch v := value.(type) {
	case []byte:
		return string(bytes.ToValidUTF8(v, []byte("\uFFFD")))
	case []any:
		for i := range v {
			v[i] = textOf(v[i])
		}
	case map[string]any: // the three levels of Parquet's lists
		if list, ok := v["list"].([]any); ok && len(v) == 1 {
			return elements(list)
		}
	}
	return value
}

func elements(list []any) []any {
	for i, item := range list {
		if wrapped, ok := item.(map[string]any); ok && len(wrapped) == 1 {
			for _, element := range wrapped {
				item = element
			}
		}
		list[i] = textOf(item)
	}
	return list
}

// recoverParquet turns a panic of the library, which some damaged files bring about, into an error.
func recoverParquet(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("is damaged: %v", cause)
	}
}
