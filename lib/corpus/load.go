package corpus

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// Load reads a Split from path.
//
// A folder holds one file a part, in the order of its records and cut to sizes, as the study does it: train,
// validation (or val, valid, dev) and test, each .jsonl, .json or .txt, each plain or .gz. Only parts with a positive
// size are looked for.
//
// From a single file the first records, as many as sizes ask for in all, are read and given to [Divide]. seed is used
// for nothing else.
//
// Malformed lines are handed to skip; where skip is nil, the first is fatal.
func Load(ctx context.Context, path string, sizes Sizes, seed uint64, skip func(*LineError)) (Split, error) {
	if err := sizes.check(); err != nil {
		return Split{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Split{}, fmt.Errorf("corpus: %w", err)
	}
	read := func(path string, n int) ([]Paper, error) {
		papers := Open(ctx, path)
		if skip != nil {
			papers = Skip(papers, skip)
		}
		return Collect(Limit(papers, n))
	}
	if !info.IsDir() {
		papers, err := read(path, sizes.total())
		if err != nil {
			return Split{}, err
		}
		return Divide(papers, sizes, seed)
	}
	return loadFolder(path, sizes, read)
}

// loadFolder reads the parts of a folder, each from its own file.
func loadFolder(folder string, sizes Sizes, read func(path string, n int) ([]Paper, error)) (Split, error) {
	var split Split
	parts := []struct {
		papers *[]Paper
		size   int
		stems  []string
	}{
		{&split.Train, sizes.Train, []string{"train"}},
		{&split.Validation, sizes.Validation, []string{"validation", "valid", "val", "dev"}},
		{&split.Test, sizes.Test, []string{"test"}},
	}
	for _, part := range parts {
		if part.size == 0 {
			continue
		}
		path, err := partFile(folder, part.stems)
		if err != nil {
			return Split{}, err
		}
		if *part.papers, err = read(path, part.size); err != nil {
			return Split{}, err
		}
	}
	return split, nil
}

// partFile finds the one file in folder that has one of the stems.
func partFile(folder string, stems []string) (string, error) {
	var found []string
	for candidate := range partNames(stems) {
		path := filepath.Join(folder, candidate)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			found = append(found, path)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fmt.Errorf("corpus: %s: holds no %s file (.jsonl, .json or .txt, or one of them .gz): "+
			"add it, or give a single file to be divided", folder, strings.Join(stems, ", "))
	}
	return "", fmt.Errorf("corpus: %s: more than one file for the same part (%s): keep one",
		folder, strings.Join(found, ", "))
}

// partNames yields every file name that a part may have.
func partNames(stems []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, stem := range stems {
			for _, extension := range []string{".jsonl", ".json", ".txt"} {
				if !yield(stem+extension) || !yield(stem+extension+".gz") {
					return
				}
			}
		}
	}
}
