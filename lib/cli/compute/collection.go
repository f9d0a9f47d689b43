package compute

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
	"paperlab/lib/corpus/pairs"
)

// collection is the papers that an index is made of: those with title and abstract. They may be ranged over again.
type collection struct {
	papers iter.Seq2[corpus.Paper, error]
	count  int
	others int // that lack title or abstract, and are left out as the study does
}

// collectionFlags is the flags of the papers of an index.
func (d *data) collectionFlags(cmd *cobra.Command) {
	d.flags(cmd)
	cmd.Flags().Lookup("data").Usage += "; or a folder of PDF files"
}

// collection looks at the first n papers, all where n is 0; none at all is an error. Those of a file are not kept in memory.
func (d *data) collection(ctx context.Context, n int, w io.Writer) (c collection, err error) {
	skip := d.skip(w)
	if report := skip; report != nil {
		skip = func(e *corpus.LineError) {
			if c.papers == nil { // once is enough
				report(e)
			}
		}
	}
	all, err := d.open(ctx, n, skip, w)
	if err != nil {
		return c, err
	}
	for p, err := range all {
		switch {
		case err != nil:
			if info, missing := os.Stat(d.path); missing == nil && info.IsDir() {
				err = console.Hint(err, "a folder of PDF files would do too: this one has none")
			}
			return c, err
		case indexable(p):
			c.count++
		default:
			c.others++
		}
	}
	if c.count == 0 {
		return c, fmt.Errorf("%s: none of the %d papers has both title and abstract", d.path, c.others)
	}
	c.papers = func(yield func(corpus.Paper, error) bool) {
		for p, err := range all {
			p.Article, p.Sections = "", nil // of no use for an index, and large
			if (indexable(p) || err != nil) && !yield(p, err) {
				return
			}
		}
	}
	return c, nil
}

func indexable(p corpus.Paper) bool { return p.Title != "" && p.Abstract != "" }

// open returns the papers of a file, a data set or a folder of PDF files.
func (d *data) open(ctx context.Context, n int, skip func(*corpus.LineError), w io.Writer) (iter.Seq2[corpus.Paper, error], error) {
	pdfs, err := pdfsBelow(d.path)
	if err != nil {
		return nil, err
	}
	if len(pdfs) > 0 {
		papers, err := d.readPDFs(ctx, pdfs, n, w)
		return each(papers), err
	}
	papers, err := dataset.Open(ctx, d.path, n, skip)
	if err == nil && d.clean {
		papers = corpus.Cleaned(papers)
	}
	return papers, err
}

func each(papers []corpus.Paper) iter.Seq2[corpus.Paper, error] {
	return func(yield func(corpus.Paper, error) bool) {
		for p := range slices.Values(papers) {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// texts are what of each paper is embedded, as the study does: the cleaned title and abstract. Each paper is handed to keep first.
func (c collection) texts(keep func(corpus.Paper)) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for p, err := range c.papers {
			if err != nil {
				yield("", err)
				return
			}
			keep(p)
			if !yield(embedded(p)[0], nil) {
				return
			}
		}
	}
}

func embedded(papers ...corpus.Paper) []string {
	texts := make([]string, len(papers))
	for i, p := range pairs.CleanAll(papers) {
		texts[i] = pairs.Text(p)
	}
	return texts
}
