package generate

import (
	"math"
	"slices"

	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// beams is beam search as transformers' BeamSearchScorer has it: of all continuations of a text's hypotheses, those with the greatest
// sums of log-probabilities go on; one that ends joins the text's finished ones if it ranks among them.
type beams struct {
	cfg        Config
	model      t5.Config
	processors []processor
	sums       []float32  // a row: the sum of its log-probabilities
	ended      []finished // a text
	over       []bool     // a text: nothing better is to be found
}

// unlikely is where all hypotheses but the first of a text start: they are equal to it, and must not be found again.
const unlikely = -1e9

func newBeams(cfg Config, model t5.Config, texts int) *beams {
	b := &beams{
		cfg: cfg, model: model, processors: processors(cfg, model),
		sums: slices.Repeat([]float32{unlikely}, texts*cfg.NumBeams), ended: make([]finished, texts), over: make([]bool, texts),
	}
	for text := range b.ended {
		b.sums[text*cfg.NumBeams] = 0
		b.ended[text].cfg = cfg
	}
	return b
}

func (b *beams) choose(s *tensor.Scope, logits *tensor.Tensor, written [][]int64) (tokens, parents []int64, err error) {
	scores := s.LogSoftmax(logits, -1)
	for _, process := range b.processors {
		process(s, scores, written)
	}
	rows, vocabulary := int64(len(written)), b.model.VocabSize
	scores = s.Add(scores, s.FromFloat32s(b.sums, rows, 1))
	// A hypothesis can end in one way only, so that twice as many as there are beams leave enough that go on.
	likeliest := 2 * b.cfg.NumBeams
	sums, places := s.TopK(s.Reshape(scores, int64(len(b.ended)), -1), int64(likeliest), 1)
	if s.Err() != nil {
		return nil, nil, s.Err()
	}
	sum, err := sums.Float32s()
	if err != nil {
		return nil, nil, err
	}
	place, err := places.Int64s()
	if err != nil {
		return nil, nil, err
	}
	tokens, parents, next := make([]int64, rows), make([]int64, rows), make([]float32, rows)
	for text := range b.ended {
		if b.over[text] {
			continue
		}
		first := text * b.cfg.NumBeams
		candidates := make([]candidate, likeliest)
		for i := range candidates {
			at := text*likeliest + i
			if math.IsNaN(float64(sum[at])) {
				return nil, nil, errNotNumbers
			}
			candidates[i] = candidate{sum: sum[at], beam: place[at] / vocabulary, token: place[at] % vocabulary}
		}
		for beam, c := range b.sort(text, candidates, written[first:first+b.cfg.NumBeams]) {
			tokens[first+beam], parents[first+beam], next[first+beam] = c.token, c.beam, c.sum
		}
	}
	b.sums = next
	return tokens, parents, nil
}

// candidate is a hypothesis of a text with one more token.
type candidate struct {
	sum   float32
	beam  int64 // that it goes on from
	token int64
}

// sort takes a text's candidates, the likeliest first: those that end, if they rank among the first NumBeams, are finished; the
// others, up to NumBeams, are returned to go on.
func (b *beams) sort(text int, candidates []candidate, written [][]int64) []candidate {
	generated := len(written[0]) // with the new token, without the start token
	on := make([]candidate, 0, b.cfg.NumBeams)
	for rank, c := range candidates {
		if len(on) == b.cfg.NumBeams {
			break
		}
		if c.token != b.model.EOSTokenID {
			on = append(on, c)
		} else if rank < b.cfg.NumBeams {
			b.ended[text].add(append(slices.Clone(written[c.beam]), c.token), float64(c.sum), generated)
		}
	}
	b.over[text] = b.ended[text].beat(float64(candidates[0].sum), generated)
	return on
}

func (b *beams) done() bool { return !slices.Contains(b.over, false) }

func (b *beams) best(written [][]int64) []Sequence {
	out := make([]Sequence, len(b.ended))
	for text := range b.ended {
		if !b.over[text] {
			for row := text * b.cfg.NumBeams; row < (text+1)*b.cfg.NumBeams; row++ {
				b.ended[text].add(written[row], float64(b.sums[row]), len(written[row])-1)
			}
		}
		out[text] = b.ended[text].best()
	}
	return out
}
