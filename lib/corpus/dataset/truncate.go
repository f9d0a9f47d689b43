package dataset

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"paperlab/lib/corpus"
)

// Truncate writes the first n records of a data set to a file of JSON lines, atomically, and returns how many there were:
// the lines of a file as they stand (see [corpus.Truncate]), documentation by the names of arXiv's metadata.
func Truncate(ctx context.Context, name, dst string, n int) (int, error) {
	if name != Godoc {
		path, err := local(name)
		if err != nil {
			return 0, fmt.Errorf("corpus: truncate: %w", err)
		}
		return corpus.Truncate(ctx, path, dst, n)
	}
	papers, err := Papers(ctx, name, n, nil)
	if err == nil {
		err = writeMetadata(papers, dst)
	}
	if err != nil {
		return 0, fmt.Errorf("corpus: truncate %s: %w", name, err)
	}
	return len(papers), nil
}

func writeMetadata(papers []corpus.Paper, dst string) error {
	if err := os.MkdirAll(filepath.Dir(dst), 0o755); err != nil {
		return err
	}
	out, err := renameio.NewPendingFile(dst, renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer out.Cleanup()
	w := bufio.NewWriter(out)
	lines := json.NewEncoder(w)
	for _, p := range papers {
		err := lines.Encode(struct {
			ID         string `json:"id"`
			Title      string `json:"title"`
			Abstract   string `json:"abstract"`
			Categories string `json:"categories"`
		}{p.ID, p.Title, p.Abstract, p.Categories})
		if err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return out.CloseAtomicallyReplace()
}
