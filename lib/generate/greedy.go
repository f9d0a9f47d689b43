package generate

import (
	"math"
	"slices"

	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// greedy takes the likeliest id each time. A text that has ended is written on with padding until all have.
type greedy struct {
	cfg        Config
	end, pad   int64
	processors []processor
	logprobs   []float64 // a text: the sum over its ids
	lengths    []int     // a text: its number of ids, 0 while it goes on
}

func newGreedy(cfg Config, model t5.Config, texts int) *greedy {
	return &greedy{
		cfg: cfg, end: model.EOSTokenID, pad: model.PadTokenID, processors: processors(cfg, model),
		logprobs: make([]float64, texts), lengths: make([]int, texts),
	}
}

func (g *greedy) choose(s *tensor.Scope, logits *tensor.Tensor, written [][]int64) (tokens, parents []int64, err error) {
	logprobs := s.LogSoftmax(logits, -1) // before the processors, whose penalties are no part of the probability
	for _, process := range g.processors {
		process(s, logits, written)
	}
	best := s.ArgMax(logits, -1)
	chosen := s.Gather(logprobs, 1, s.Unsqueeze(best, 1))
	if s.Err() != nil {
		return nil, nil, s.Err()
	}
	if tokens, err = best.Int64s(); err != nil {
		return nil, nil, err
	}
	logprob, err := chosen.Float32s()
	if err != nil {
		return nil, nil, err
	}
	for text := range tokens {
		switch {
		case g.lengths[text] > 0:
			tokens[text] = g.pad
			continue
		case math.IsNaN(float64(logprob[text])):
			return nil, nil, errNotNumbers
		case tokens[text] == g.end:
			g.lengths[text] = len(written[text]) + 1
		}
		g.logprobs[text] += float64(logprob[text])
	}
	return tokens, make([]int64, len(tokens)), nil
}

func (g *greedy) done() bool { return !slices.Contains(g.lengths, 0) }

func (g *greedy) best(written [][]int64) []Sequence {
	out := make([]Sequence, len(written))
	for text, ids := range written {
		if n := g.lengths[text]; n > 0 {
			ids = ids[:n]
		}
		out[text] = newSequence(ids, perLength(g.logprobs[text], len(ids)-1, g.cfg.LengthPenalty))
	}
	return out
}
