package corpus

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"os"
)

// Open returns the papers of the file at path, as [Read] does, or of a Parquet file, or of a folder in the layout of SciSummNet. The file
// is opened when the sequence is ranged over and closed when that ends; the sequence may be ranged over again, also concurrently.
func Open(ctx context.Context, path string) iter.Seq2[Paper, error] {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return readSciSummNet(ctx, path)
	}
	return func(yield func(Paper, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(Paper{}, fmt.Errorf("corpus: %w", err))
			return
		}
		defer f.Close()
		papers := Read(ctx, f, path)
		if isParquet(f) {
			papers = readParquet(ctx, f, path)
		}
		for p, err := range papers {
			if !yield(p, err) {
				return
			}
		}
	}
}

// Read returns the papers of r: JSON lines, or a table where the name ends in .csv or .tsv, or gzip of either; name stands for r in
// errors. The layout is that of the first record (see the package's documentation). Blank lines are passed over, invalid UTF-8
// becomes U+FFFD, one for each byte.
//
// A line that is no record is yielded as a [*LineError], behind which the sequence goes on. Any other error, which
// includes the end of ctx, is the sequence's last element. The sequence can be ranged over once.
func Read(ctx context.Context, r io.Reader, name string) iter.Seq2[Paper, error] {
	if separator := separatorOf(name); separator != 0 {
		return readCSV(ctx, r, name, separator)
	}
	return func(yield func(Paper, error) bool) {
		var decode decoder // unknown until a record shows the layout
		for l, err := range scan(ctx, r, name) {
			if err != nil {
				yield(Paper{}, fmt.Errorf("corpus: %w", err))
				return
			}
			record := bytes.TrimSpace(l.text)
			if len(record) == 0 {
				continue
			}
			var p Paper
			if decode == nil {
				decode, err = detect(record)
			}
			if err == nil {
				p, err = decode(record)
			}
			if err != nil {
				err = &LineError{File: name, Line: l.number, Err: err}
			}
			if !yield(p, err) {
				return
			}
		}
	}
}
