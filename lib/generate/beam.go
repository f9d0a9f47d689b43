package generate

import (
	"cmp"
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
	draw       *sampler   // by a generator a text; nil: the likeliest are taken
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
	if cfg.DoSample {
		b.draw = newSampler(cfg, texts)
	}
	return b
}

func (b *beams) choose(s *tensor.Scope, logits *tensor.Tensor, written [][]int64) (tokens, parents []int64, err error) {
	scores := s.LogSoftmax(logits, -1)
	for _, process := range b.processors {
		process(s, scores, written)
	}
	candidates, err := b.candidates(s, scores)
	if err != nil {
		return nil, nil, err
	}
	rows := len(written)
	tokens, parents, next := make([]int64, rows), make([]int64, rows), slices.Repeat([]float32{unlikely}, rows)
	for text := range b.ended {
		if b.over[text] {
			continue
		}
		first := text * b.cfg.NumBeams
		for beam, c := range b.sort(text, candidates[text], written[first:first+b.cfg.NumBeams]) {
			tokens[first+beam], parents[first+beam], next[first+beam] = c.token, c.beam, c.sum
		}
	}
	b.sums = next
	return tokens, parents, nil
}

// candidates returns for each text twice as many continuations as there are beams, the likeliest first: a hypothesis can end in one way
// only, so that enough of them go on. They are the likeliest of all, or drawn from all.
func (b *beams) candidates(s *tensor.Scope, scores *tensor.Tensor) ([][]candidate, error) {
	if b.draw != nil {
		return b.drawn(s, scores)
	}
	n := 2 * b.cfg.NumBeams
	scores = s.Add(scores, s.FromFloat32s(b.sums, int64(len(b.sums)), 1))
	sums, places := s.TopK(s.Reshape(scores, int64(len(b.ended)), -1), int64(n), 1)
	if s.Err() != nil {
		return nil, s.Err()
	}
	sum, err := sums.Float32s()
	if err != nil {
		return nil, err
	}
	place, err := places.Int64s()
	if err != nil {
		return nil, err
	}
	found := make([][]candidate, len(b.ended))
	for i := range sum {
		text := i / n
		if math.IsNaN(float64(sum[i])) && !b.over[text] {
			return nil, ErrNotNumbers
		}
		found[text] = append(found[text], b.candidate(sum[i], place[i]))
	}
	return found, nil
}

// drawn draws the continuations of each text by their probabilities, without replacement.
func (b *beams) drawn(s *tensor.Scope, scores *tensor.Tensor) ([][]candidate, error) {
	if s.Err() != nil {
		return nil, s.Err()
	}
	all, err := scores.Float32s()
	if err != nil {
		return nil, err
	}
	vocabulary := int(b.model.VocabSize)
	found := make([][]candidate, len(b.ended))
	for text := range b.ended {
		if b.over[text] {
			continue
		}
		rows := all[text*b.cfg.NumBeams*vocabulary:][:b.cfg.NumBeams*vocabulary]
		for beam := range b.cfg.NumBeams {
			row := rows[beam*vocabulary:][:vocabulary]
			b.draw.warp.apply(row)
			for i := range row {
				row[i] += b.sums[text*b.cfg.NumBeams+beam]
			}
		}
		for _, place := range b.draw.several(text, rows, 2*b.cfg.NumBeams) {
			found[text] = append(found[text], b.candidate(rows[place], int64(place)))
		}
		if len(found[text]) == 0 {
			return nil, ErrNotNumbers
		}
		slices.SortStableFunc(found[text], func(a, b candidate) int { return cmp.Compare(b.sum, a.sum) })
	}
	return found, nil
}

// candidate is the continuation at a place of a text's scores, beams x vocabulary.
func (b *beams) candidate(sum float32, place int64) candidate {
	return candidate{sum: sum, beam: place / b.model.VocabSize, token: place % b.model.VocabSize}
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
	var out []Sequence
	for text := range b.ended {
		if !b.over[text] {
			for row := text * b.cfg.NumBeams; row < (text+1)*b.cfg.NumBeams; row++ {
				b.ended[text].add(written[row], float64(b.sums[row]), len(written[row])-1)
			}
		}
		out = append(out, b.ended[text].best(b.cfg.NumReturnSequences)...)
	}
	return out
}
