package summarize

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"

	"golang.org/x/sync/errgroup"

	"paperlab/lib/corpus"
	"paperlab/lib/t5"
)

// Preparer turns papers into examples as they are read: of the papers themselves it holds only those that are being tokenised. The
// examples are the same with any number of workers, with a cache and without. A Preparer may be used by several goroutines,
// and its cache by several processes.
//
// The cache finds tokens again for the same papers, tokenizer and settings. Where it has more than 256 MiB, those that were not used for
// longest go.
type Preparer struct {
	Model   *Model         // whose tokenizer is used
	How     t5.Preparation // as for [Model.Examples]
	Cache   string         // folder in which tokens are kept, see below; empty: none
	Workers int            // 0: as many as there are processors

	// Progress, if not nil, is told how many more papers are done, by several goroutines.
	Progress func(more int)
}

// together is how many papers are tokenised, and kept in the cache, together.
const together = 64

// Examples reads papers to their end, an error or the end of ctx. The first error ends it, malformed lines included: see
// [corpus.Skip]. No papers are an error.
func (p Preparer) Examples(ctx context.Context, papers iter.Seq2[corpus.Paper, error]) (*t5.Examples, error) {
	cache, err := openCache(p.Cache, p.Model.Tokenizer, p.How)
	if err != nil {
		return nil, err
	}
	workers, ctx := errgroup.WithContext(ctx)
	workers.SetLimit(p.workers())
	var parts []*tokens
	for batch, err := range batches(papers) {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			workers.Go(func() error { return err })
			break
		}
		part := &tokens{}
		parts = append(parts, part)
		workers.Go(func() error { return p.prepare(ctx, cache, batch, part) })
	}
	err = workers.Wait()
	if err = errors.Join(err, cache.sweep()); err != nil {
		return nil, fmt.Errorf("summarize: preparing papers: %w", err)
	}
	var all tokens
	for _, part := range parts {
		all.inputs, all.targets = append(all.inputs, part.inputs...), append(all.targets, part.targets...)
	}
	if len(all.inputs) == 0 {
		return nil, fmt.Errorf("summarize: preparing papers: there are none")
	}
	return t5.NewExamples(all.inputs, all.targets, p.Model.Tokenizer.PadID())
}

func (p Preparer) workers() int {
	if p.Workers > 0 {
		return p.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// prepare fills part with the tokens of a batch, from the cache or by the tokenizer.
func (p Preparer) prepare(ctx context.Context, cache *tokenCache, batch []corpus.Paper, part *tokens) error {
	if found, ok := cache.load(batch); ok {
		*part = found
	} else {
		for _, paper := range batch {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			part.inputs = append(part.inputs, p.Model.Tokenizer.Encode(p.How.Prefix+paper.Article, p.How.MaxInput))
			part.targets = append(part.targets, p.Model.Tokenizer.Encode(paper.Abstract, p.How.MaxTarget))
		}
		if err := cache.store(batch, *part); err != nil {
			return err
		}
	}
	if p.Progress != nil {
		p.Progress(len(batch))
	}
	return nil
}

// tokens are those of some papers.
type tokens struct{ inputs, targets [][]int }

// batches cuts a sequence into pieces, up to its first error, which comes last.
func batches(papers iter.Seq2[corpus.Paper, error]) iter.Seq2[[]corpus.Paper, error] {
	return func(yield func([]corpus.Paper, error) bool) {
		var batch []corpus.Paper
		for p, err := range papers {
			if err != nil {
				yield(nil, err)
				return
			}
			if batch = append(batch, p); len(batch) == together {
				if !yield(batch, nil) {
					return
				}
				batch = nil
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}
