package unigram

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mathext"
)

// The settings of sentencepiece's trainer, less the seeds: a tenth of its million is enough for small vocabularies.
const (
	seedsPerPiece     = 10     // seeds for every piece wanted
	longestPiece      = 16     // characters
	characterCoverage = 0.9995 // share of the text whose characters get a piece of their own
	subIterations     = 2      // of expectation and maximisation between two prunings
	shrinkingFactor   = 0.75   // share of the pieces that a pruning keeps
	overshoot         = 1.1    // pruning ends at this many times the pieces wanted
	leastExpected     = 0.5    // pieces expected to occur more rarely are dropped
)

// Options say what Train makes.
type Options struct {
	VocabSize int // pieces wanted
}

// Train learns a vocabulary from texts in which every word begins with "▁", as sentencepiece's normaliser writes them,
// by the algorithm of Kudo, "Subword Regularization" (ACL 2018), section 3.2: begin with the most frequent substrings of
// words, fit their probabilities by expectation maximisation, drop the pieces whose loss would hurt least, and repeat
// until few enough are left. The same texts in the same order give the same pieces on any number of cores.
//
// It fails when the texts have more characters or fewer pieces than VocabSize. The pieces come best first.
func Train(ctx context.Context, texts iter.Seq[string], o Options) ([]Piece, error) {
	words, err := countWords(ctx, texts)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, errors.New("unigram: the texts have no words to learn from")
	}
	characters := frequentCharacters(words)
	if o.VocabSize < len(characters) {
		return nil, fmt.Errorf("unigram: a vocabulary of %d pieces cannot hold the %d characters of the texts: ask for more", o.VocabSize, len(characters))
	}
	pieces := seeds(words, characters, seedsPerPiece*o.VocabSize)
	for {
		for range subIterations {
			if pieces, err = maximize(ctx, words, pieces); err != nil {
				return nil, err
			}
		}
		if float64(len(pieces)) <= overshoot*float64(o.VocabSize) {
			break
		}
		if pieces, err = prune(ctx, words, pieces, o.VocabSize); err != nil {
			return nil, err
		}
	}
	pieces = finish(pieces, characters, o.VocabSize)
	if len(pieces) < o.VocabSize {
		return nil, fmt.Errorf("unigram: the texts give %d pieces, %d were asked for: ask for fewer or bring more text", len(pieces), o.VocabSize)
	}
	return pieces, nil
}

// maximize is one step of expectation maximisation: it sets the probability of every piece by how often it is expected
// to occur. The digamma function stands for the logarithm, as with a sparse Dirichlet prior; it favours frequent pieces.
func maximize(ctx context.Context, words []word, pieces []Piece) ([]Piece, error) {
	expected, err := expect(ctx, words, pieces)
	if err != nil {
		return nil, err
	}
	kept := make([]Piece, 0, len(pieces))
	var sum float64
	for i, p := range pieces {
		if expected[i] >= leastExpected {
			sum += expected[i]
			kept = append(kept, Piece{Text: p.Text, Score: mathext.Digamma(expected[i])})
		}
	}
	if len(kept) == 0 {
		return nil, errors.New("unigram: the texts are too short to learn from: every piece is rare")
	}
	for i := range kept {
		kept[i].Score -= mathext.Digamma(sum)
	}
	return kept, nil
}

// finish keeps the frequent characters and the best other pieces, size in all.
func finish(pieces []Piece, characters []string, size int) []Piece {
	lowest := math.Inf(1)
	byText := make(map[string]Piece, len(pieces))
	for _, p := range pieces {
		lowest = min(lowest, p.Score)
		byText[p.Text] = p
	}
	kept := make([]Piece, 0, size)
	for i, c := range characters {
		p, ok := byText[c]
		if !ok {
			// Frequent characters first: no two of them score the same.
			p = Piece{Text: c, Score: lowest - 0.0001*float64(i)}
		}
		kept = append(kept, p)
		delete(byText, c)
	}
	bestFirst(pieces)
	for _, p := range pieces {
		if _, ok := byText[p.Text]; ok && len(kept) < size {
			kept = append(kept, p)
		}
	}
	bestFirst(kept)
	return kept
}

func bestFirst(pieces []Piece) {
	sort.Slice(pieces, func(i, j int) bool {
		if pieces[i].Score != pieces[j].Score {
			return pieces[i].Score > pieces[j].Score
		}
		return pieces[i].Text < pieces[j].Text
	})
}

// modelOf returns the model of pieces, whose unknown id is len(pieces).
func modelOf(pieces []Piece) (*Model, error) {
	return New(append(slices.Clip(pieces), Piece{Reserved: true}), len(pieces), Double)
}
