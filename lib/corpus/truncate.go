package corpus

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Truncate writes the first n lines of the file src, plain or gzip, to the file dst as plain text, and returns how
// many there were: fewer than n when src is shorter. Lines are copied as they stand, well-formed or not; a byte order
// mark is left out. Folders that dst needs are made. dst appears whole or, after an error, not at all: what was there
// before stays.
func Truncate(ctx context.Context, src, dst string, n int) (int, error) {
	if n <= 0 {
		return 0, fmt.Errorf("corpus: truncate %s: %d lines asked for, 1 or more can be written", src, n)
	}
	in, err := os.Open(src)
	if err != nil {
		return 0, fmt.Errorf("corpus: truncate: %w", err)
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(dst), 0o755); err != nil {
		return 0, fmt.Errorf("corpus: truncate %s: %w", src, err)
	}
	out, err := renameio.NewPendingFile(dst, renameio.WithPermissions(0o644))
	if err != nil {
		return 0, fmt.Errorf("corpus: truncate %s: %w", src, err)
	}
	defer out.Cleanup()

	w := bufio.NewWriterSize(out, 1<<16)
	written := 0
	for l, err := range scan(ctx, in, src) {
		if err != nil {
			return 0, fmt.Errorf("corpus: truncate: %w", err)
		}
		if _, err := w.Write(l.text); err != nil {
			return 0, fmt.Errorf("corpus: truncate %s: %w", src, err)
		}
		if written++; written == n {
			break
		}
	}
	if err := w.Flush(); err != nil {
		return 0, fmt.Errorf("corpus: truncate %s: %w", src, err)
	}
	if err := out.CloseAtomicallyReplace(); err != nil {
		return 0, fmt.Errorf("corpus: truncate %s: %w", src, err)
	}
	return written, nil
}
