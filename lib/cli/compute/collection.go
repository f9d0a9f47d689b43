package compute

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

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

// collection looks at the first n papers, all where n is 0; none at all is an error. Those of a file are not kept in memory.
func (d *data) collection(ctx context.Context, n int, w io.Writer) (collection, error) {
	all, seen, err := d.open(ctx, n, w)
	if err != nil {
		return collection{}, err
	}
	var c collection
	for p, err := range all {
		switch {
		case err != nil:
			if info, missing := os.Stat(d.path); missing == nil && info.IsDir() {
				err = console.Hint(err, "a folder of PDF files would do too: this one has none")
			}
			return c, err
		case p.Title != "" && p.Abstract != "":
			c.count++
		default:
			c.others++
		}
	}
	*seen = true
	c.papers = func(yield func(corpus.Paper, error) bool) {
		for p, err := range all {
			if found := p.Title != "" && p.Abstract != ""; (found || err != nil) && !yield(p, err) {
				return
			}
		}
	}
	if c.count == 0 {
		return c, fmt.Errorf("%s: none of the %d papers has both title and abstract", d.path, c.others)
	}
	return c, nil
}

// open returns the papers, and what is to be set once they were gone through: malformed lines are reported the first time.
func (d *data) open(ctx context.Context, n int, w io.Writer) (papers iter.Seq2[corpus.Paper, error], seen *bool, err error) {
	seen = new(bool)
	pdfs, err := pdfsBelow(d.path)
	if err != nil {
		return nil, seen, err
	}
	if len(pdfs) > 0 {
		read, err := d.readPDFs(ctx, pdfs, n, w)
		return each(read), seen, err
	}
	report := d.skip(w)
	skip := report
	if report != nil {
		skip = func(e *corpus.LineError) {
			if !*seen {
				report(e)
			}
		}
	}
	if papers, err = dataset.Open(ctx, d.path, n, skip); err == nil && d.clean {
		papers = corpus.Cleaned(papers)
	}
	return papers, seen, err
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
