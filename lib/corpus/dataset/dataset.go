package dataset

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/godoc"
	"paperlab/lib/hub"
)

// Godoc names the embedded default: the documentation of the installed Go (see package godoc).
const Godoc = "godoc"

// Papers reads the first n papers of a data set, all where n is 0. None at all is an error. Malformed lines are handed to
// skip; where skip is nil, the first is fatal.
func Papers(ctx context.Context, name string, n int, skip func(*corpus.LineError)) ([]corpus.Paper, error) {
	papers, err := read(ctx, name, n, skip)
	if err == nil && len(papers) == 0 {
		err = fmt.Errorf("%s holds no papers", name)
	}
	return papers, err
}

func read(ctx context.Context, name string, n int, skip func(*corpus.LineError)) ([]corpus.Paper, error) {
	if name == Godoc {
		papers, err := documentation(ctx)
		if n > 0 && n < len(papers) {
			papers = papers[:n]
		}
		return papers, err
	}
	path, err := local(name)
	if err != nil {
		return nil, err
	}
	papers := corpus.Open(ctx, path)
	if skip != nil {
		papers = corpus.Skip(papers, skip)
	}
	if n > 0 {
		papers = corpus.Limit(papers, n)
	}
	return corpus.Collect(papers)
}

// Split reads a data set in three parts, as [corpus.Load] does. Documentation is divided at random by the seed: in its own
// order, by import path, the parts would be about different packages.
func Split(ctx context.Context, name string, sizes corpus.Sizes, seed uint64, skip func(*corpus.LineError)) (corpus.Split, error) {
	if name != Godoc {
		path, err := local(name)
		if err != nil {
			return corpus.Split{}, err
		}
		return corpus.Load(ctx, path, sizes, seed, skip)
	}
	papers, err := documentation(ctx)
	if err != nil {
		return corpus.Split{}, err
	}
	return corpus.Divide(papers, sizes, seed)
}

// local is the path of a data set: as it stands or, where the name is that of a data set on the hub (see [hub.ParseAddress]),
// that of what was fetched of it.
func local(name string) (path string, err error) {
	if !strings.HasPrefix(name, hub.Scheme) {
		_, missing := os.Stat(name)
		if a, err := hub.ParseAddress(name); missing == nil || err != nil || !a.Dataset {
			return name, nil
		}
	}
	return hub.Default().Cached(name)
}

// Under returns the first of the files and folders in a folder that is there, as a path, else the name as it is: so that a
// folder of data sets may be named as well as one of them.
func Under(name string, inside ...string) string {
	for _, file := range inside {
		path := filepath.Join(name, file)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return name
}

func documentation(ctx context.Context) ([]corpus.Paper, error) {
	src, err := godoc.Source(ctx)
	if err != nil {
		return nil, err
	}
	return godoc.Papers(ctx, src)
}
