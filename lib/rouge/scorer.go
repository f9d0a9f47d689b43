package rouge

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Scorer computes ROUGE scores. Its zero value is ready for use and does not stem.
//
// A Scorer may be shared between goroutines; it must not be copied after its first use, nor Stem changed while another
// goroutine scores. It keeps the words that it has met (half a megabyte of them at most for each core), so one Scorer
// for many pairs is faster than one for each.
type Scorer struct {
	// Stem compares words by their stems, as rouge_score does with use_stemmer=True.
	Stem bool

	workspaces sync.Pool // of *workspace
}

// Score compares a prediction with its reference.
//
// Time grows with the product of the two token counts. Memory is small, except that ROUGE-Lsum of texts of several
// lines keeps one bit for each pair of tokens in the two lines it compares.
func (s *Scorer) Score(reference, prediction string) Scores {
	w := s.workspace()
	defer s.workspaces.Put(w)

	w.reference.read(reference, w.words)
	w.prediction.read(prediction, w.words)
	ref, pred := w.reference.ids, w.prediction.ids

	scores := Scores{
		Rouge1: newScore(w.ngrams.common(ref, pred, 1), len(ref), len(pred)),
		Rouge2: newScore(w.ngrams.common(ref, pred, 2), len(ref)-1, len(pred)-1),
		RougeL: newScore(w.lcs.length(ref, pred), len(ref), len(pred)),
	}
	if w.reference.lines() <= 1 && w.prediction.lines() <= 1 {
		scores.RougeLsum = scores.RougeL // the union of one subsequence is that subsequence
	} else {
		scores.RougeLsum = newScore(w.summaryHits(), len(ref), len(pred))
	}
	return scores
}

// ScoreAll compares each prediction with the reference of the same index, on all cores, and returns the scores in that
// order. It fails when the numbers of texts differ or when ctx ends before the work does.
func (s *Scorer) ScoreAll(ctx context.Context, references, predictions []string) ([]Scores, error) {
	if len(references) != len(predictions) {
		return nil, fmt.Errorf("rouge: %d references for %d predictions: each prediction needs its own reference",
			len(references), len(predictions))
	}
	scores := make([]Scores, len(references))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(references)) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(scores) {
					return
				}
				scores[i] = s.Score(references[i], predictions[i])
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("rouge: scoring %d pairs: %w", len(scores), context.Cause(ctx))
	}
	return scores, nil
}

// workspace is what one goroutine needs to score a pair without allocating.
type workspace struct {
	words      *vocabulary
	reference  text
	prediction text
	ngrams     ngramCounter
	lcs        lcsTable
	union      []int32 // tokens of the reference's lines in their union-LCS
}

// workspace takes one from the pool, or makes one where there is none that fits.
func (s *Scorer) workspace() *workspace {
	w, ok := s.workspaces.Get().(*workspace)
	if !ok || w.words.full() || w.words.stem != s.Stem {
		w = &workspace{words: newVocabulary(s.Stem)}
	}
	return w
}

// summaryHits counts the hits of ROUGE-Lsum (section 3.2 of the paper): for each line of the reference, the tokens in
// the union of its longest common subsequences with every line of the prediction; a word of the prediction is hit no
// more often than it occurs there.
func (w *workspace) summaryHits() int {
	w.union = w.union[:0]
	for i := range w.reference.lines() {
		line := w.reference.line(i)
		w.lcs.startUnion(len(line))
		for j := range w.prediction.lines() {
			w.lcs.addToUnion(line, w.prediction.line(j))
		}
		for k, token := range line {
			if w.lcs.union[k] {
				w.union = append(w.union, token)
			}
		}
	}
	return w.ngrams.common(w.union, w.prediction.ids, 1)
}
