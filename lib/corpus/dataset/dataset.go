package dataset

import (
	"context"
	"fmt"
	"iter"
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
	papers, err := Open(ctx, name, n, skip)
	if err != nil {
		return nil, err
	}
	return corpus.Collect(papers)
}

// Open is [Papers] as a sequence, for more than fit into memory; it may be ranged over again. That there are none shows only then.
func Open(ctx context.Context, name string, n int, skip func(*corpus.LineError)) (iter.Seq2[corpus.Paper, error], error) {
	papers, err := open(ctx, name)
	if err != nil {
		return nil, err
	}
	if skip != nil {
		papers = corpus.Skip(papers, skip)
	}
	if n > 0 {
		papers = corpus.Limit(papers, n)
	}
	return papers, nil
}

func open(ctx context.Context, name string) (iter.Seq2[corpus.Paper, error], error) {
	if name != Godoc {
		path, err := local(name)
		return corpus.Open(ctx, path), err
	}
	papers, err := documentation(ctx)
	return func(yield func(corpus.Paper, error) bool) {
		for _, p := range papers {
			if !yield(p, nil) {
				return
			}
		}
	}, err
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

// InParts says whether a data set is a folder with files of each part: see [corpus.InParts].
func InParts(name string) (bool, error) {
	if name == Godoc {
		return false, nil
	}
	path, err := local(name)
	if err != nil {
		return false, err
	}
	return corpus.InParts(path)
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
