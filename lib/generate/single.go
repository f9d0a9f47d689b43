package generate

import (
	"math"
	"slices"

	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// single follows one hypothesis a row, each for itself: greedily, by the likeliest id each time, or by drawing one. A row that has
// ended is written on with padding until all have.
type single struct {
	cfg        Config
	end, pad   int64
	processors []processor
	draw       *sampler  // nil: greedy
	logprobs   []float64 // a row: the sum over its ids
	lengths    []int     // a row: its number of ids, 0 while it goes on
	parents    []int64   // a row: itself
}

func newSingle(cfg Config, model t5.Config, rows int) *single {
	g := &single{
		cfg: cfg, end: model.EOSTokenID, pad: model.PadTokenID, processors: processors(cfg, model),
		logprobs: make([]float64, rows), lengths: make([]int, rows), parents: make([]int64, rows),
	}
	for row := range g.parents {
		g.parents[row] = int64(row % cfg.width())
	}
	if cfg.DoSample {
		g.draw = newSampler(cfg, rows)
	}
	return g
}

func (g *single) choose(s *tensor.Scope, logits *tensor.Tensor, written [][]int64) (tokens, parents []int64, err error) {
	logprobs := s.LogSoftmax(logits, -1) // before the processors, whose penalties are no part of the probability
	for _, process := range g.processors {
		process(s, logits, written)
	}
	if tokens, err = g.pick(s, logits); err != nil {
		return nil, nil, err
	}
	chosen := s.Gather(logprobs, 1, s.FromInt64s(tokens, int64(len(tokens)), 1))
	if s.Err() != nil {
		return nil, nil, s.Err()
	}
	logprob, err := chosen.Float32s()
	if err != nil {
		return nil, nil, err
	}
	for row := range tokens {
		switch {
		case g.lengths[row] > 0:
			tokens[row] = g.pad
			continue
		case math.IsNaN(float64(logprob[row])):
			return nil, nil, ErrNotNumbers
		case tokens[row] == g.end:
			g.lengths[row] = len(written[row]) + 1
		}
		g.logprobs[row] += float64(logprob[row])
	}
	return tokens, g.parents, nil
}

// pick returns the next id of each row.
func (g *single) pick(s *tensor.Scope, scores *tensor.Tensor) ([]int64, error) {
	if g.draw == nil {
		best := s.ArgMax(scores, -1)
		if s.Err() != nil {
			return nil, s.Err()
		}
		return best.Int64s()
	}
	if s.Err() != nil {
		return nil, s.Err()
	}
	all, err := scores.Float32s()
	if err != nil {
		return nil, err
	}
	tokens := make([]int64, len(g.lengths))
	for row, scores := range slices.Collect(slices.Chunk(all, len(all)/len(tokens))) {
		if tokens[row], err = g.draw.one(row, scores); err != nil {
			return nil, err
		}
	}
	return tokens, nil
}

func (g *single) done() bool { return !slices.Contains(g.lengths, 0) }

func (g *single) best(written [][]int64) []Sequence {
	out := make([]Sequence, len(written))
	for row, ids := range written {
		if n := g.lengths[row]; n > 0 {
			ids = ids[:n]
		}
		out[row] = newSequence(ids, perLength(g.logprobs[row], len(ids)-1, g.cfg.LengthPenalty))
	}
	return out
}
