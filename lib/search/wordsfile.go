package search

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// keptWords is newWords with a file, from which a later process takes what this one made of the same papers. Where the file cannot be
// written they are in memory.
func keptWords(ctx context.Context, file string, papers []Paper, of string) (*words, error) {
	if w, err := readWords(ctx, file, of); err == nil {
		return w, nil
	}
	if err := writeWords(ctx, file, papers, of); err == nil {
		if w, err := readWords(ctx, file, of); err == nil {
			return w, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("search: index the words of %d papers: %w", len(papers), err)
	}
	return newWords(ctx, papers)
}

// readWords opens the file of words of papers.
func readWords(ctx context.Context, file, of string) (_ *words, err error) {
	// Nobody writes to it: who makes it anew puts another in its place.
	database, err := address(file, "mode=ro&immutable=1")
	if err != nil {
		return nil, err
	}
	w, err := openWords(database)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	var found string
	if err := w.db.QueryRowContext(ctx, `SELECT papers FROM facts`).Scan(&found); err != nil {
		return nil, err
	}
	if found != of {
		return nil, fmt.Errorf("%s is of other papers", file)
	}
	return w, w.prepare(ctx)
}

// address is a file as SQLite's driver takes it, whatever is in its name.
func address(file, options string) (string, error) {
	path, err := filepath.Abs(file)
	return (&url.URL{Scheme: "file", Path: path, RawQuery: options}).String(), err
}

// writeWords makes a file of words, which appears whole or not at all.
func writeWords(ctx context.Context, file string, papers []Paper, of string) error {
	part, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part*")
	if err != nil {
		return err
	}
	defer func() {
		_ = part.Close()
		_ = os.Remove(part.Name()) // what was renamed is not there any more
	}()
	database, err := address(part.Name(), "")
	if err != nil {
		return err
	}
	w, err := makeWords(ctx, database, papers, of)
	if err != nil {
		return err
	}
	if err := errors.Join(w.close(), part.Sync(), part.Chmod(0o644)); err != nil {
		return err
	}
	return os.Rename(part.Name(), file)
}
