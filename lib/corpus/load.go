package corpus

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Load reads a Split from path.
//
// A folder holds the files of each part, which are read in the order of their records and cut to sizes, as the study does it:
// train, validation (or val, valid, dev) and test, each .jsonl, .json, .txt, .csv, .tsv or .parquet, all but the last plain
// or .gz; or as the Hugging Face hub names them, train-00000-of-00003.parquet, train/0000.parquet and, of
// what it converts only in part, partial-train/0000.parquet. Only parts with a positive
// size are looked for.
//
// From a single file, or a folder in the layout of SciSummNet, the first records, as many as sizes ask for in all, are read and
// given to [Divide]. seed is used for nothing else.
//
// Malformed lines are handed to skip; where skip is nil, the first is fatal.
func Load(ctx context.Context, path string, sizes Sizes, seed uint64, skip func(*LineError)) (Split, error) {
	if err := sizes.check(); err != nil {
		return Split{}, err
	}
	parts, err := InParts(path)
	if err != nil {
		return Split{}, err
	}
	read := func(n int, paths ...string) ([]Paper, error) {
		papers := openAll(ctx, paths)
		if skip != nil {
			papers = Skip(papers, skip)
		}
		return Collect(Limit(papers, n))
	}
	if !parts {
		papers, err := read(sizes.total(), path)
		if err != nil {
			return Split{}, err
		}
		return Divide(papers, sizes, seed)
	}
	return loadFolder(path, sizes, read)
}

// InParts says whether path is a folder with files of each part, so that [Load] reads those of the parts whose size is positive and no
// others, and not all papers together.
func InParts(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, fmt.Errorf("corpus: %w", err)
	}
	if !info.IsDir() {
		return false, nil
	}
	together, err := sciSummNetFiles(path)
	if err != nil {
		return false, fmt.Errorf("corpus: %w", err)
	}
	return len(together) == 0, nil
}

// openAll returns the papers of several files one after the other.
func openAll(ctx context.Context, paths []string) iter.Seq2[Paper, error] {
	return func(yield func(Paper, error) bool) {
		for _, path := range paths {
			for p, err := range Open(ctx, path) {
				if !yield(p, err) {
					return
				}
			}
		}
	}
}

// loadFolder reads the parts of a folder, each from its own files.
func loadFolder(folder string, sizes Sizes, read func(n int, paths ...string) ([]Paper, error)) (Split, error) {
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
		paths, err := partFiles(folder, part.stems)
		if err != nil {
			return Split{}, err
		}
		if *part.papers, err = read(part.size, paths...); err != nil {
			return Split{}, err
		}
	}
	return split, nil
}

// partFiles finds the files in folder that have one of the stems: one, or the numbered pieces of one.
func partFiles(folder string, stems []string) ([]string, error) {
	var found [][]string
	for pattern := range partPatterns(stems) {
		paths, err := filepath.Glob(filepath.Join(escape(folder), pattern))
		if err != nil {
			return nil, fmt.Errorf("corpus: %s: %w", folder, err)
		}
		paths = slices.DeleteFunc(paths, func(path string) bool {
			info, err := os.Stat(path)
			return err != nil || !info.Mode().IsRegular()
		})
		if len(paths) > 0 {
			found = append(found, paths)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("corpus: %s: holds no %s file (.jsonl, .json, .txt, .csv, .tsv, one of them .gz, or .parquet): "+
			"add it, or give what is to be divided: a single file, or a folder in SciSummNet's layout", folder, strings.Join(stems, ", "))
	}
	return nil, fmt.Errorf("corpus: %s: more than one file for the same part (%s): keep one",
		folder, strings.Join(slices.Concat(found...), ", "))
}

// partPatterns yields what the files of a part may be called.
func partPatterns(stems []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, stem := range stems {
			for _, extension := range []string{".jsonl", ".json", ".txt", ".csv", ".tsv"} {
				if !yield(stem+extension) || !yield(stem+extension+".gz") {
					return
				}
			}
			folder := string(filepath.Separator) + "*.parquet"
			for _, parquet := range []string{stem + ".parquet", stem + "-*-of-*.parquet", stem + folder, "partial-" + stem + folder} {
				if !yield(parquet) {
					return
				}
			}
		}
	}
}

// escape keeps what in a folder's name means something to Glob from doing so.
func escape(folder string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "*", `\*`, "?", `\?`).Replace(folder)
}
