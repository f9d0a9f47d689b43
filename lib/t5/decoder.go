package t5

import (
	"fmt"
	"slices"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Decoder writes texts token by token, several hypotheses (beams) for each, and remembers the keys and values of what it
// has read. It belongs to one goroutine and is used within [tensor.NoGrad].
//
// The beams of a text are queries over keys that they share, in both attentions. Keys and values of the encoded text are
// computed once for all beams. Those of the beams' own tokens stay where they were first written: when a beam continues
// another's hypothesis, a table of ancestors says which of the cached positions are in its past, and the others are
// masked. So nothing is ever copied from beam to beam.
//
// Where [tensor.Kernels] says so, a token is one call of this library's own kernel, on packed weights; else libtorch's operations
// compute it.
type Decoder struct {
	model     *Model
	texts     int64
	beams     int64
	limit     int64
	length    int64           // tokens read so far, of each beam
	past      []keyValue      // a block: [texts, heads, limit x beams, d_kv]; the beams of one position lie together
	ancestors [][]int32       // a row (text x beams + beam): for each position, the beam that it was read by
	kernel    *tensor.Decoder // nil where libtorch's operations compute
	mask      *tensor.Tensor  // for those: [texts, 1, 1, keys], of the encoded texts
	cross     []keyValue      // for those, a block: [texts, heads, keys, d_kv]
}

// Read encodes texts, ids without padding and none empty, and returns a decoder over them as [Model.NewDecoder] does. What encoding needs besides
// is freed at once.
func (m *Model) Read(s *tensor.Scope, texts [][]int, beams, limit int) *Decoder {
	work := s.Child()
	defer s.Adopt(work)
	if dtype := tensor.Precision(s.Device()); tensor.Kernels(s.Device(), dtype) {
		d := m.newDecoder(s, int64(len(texts)), beams, limit)
		rows, lengths := m.encodeEach(work, dtype, texts)
		if s.Fail(work.Err()); s.Err() == nil {
			d.kernel = d.newKernel(s, dtype, rows, lengths)
		}
		return d
	}
	ids, mask := nn.Pad(work, texts, int(m.config.PadTokenID))
	encoded := m.Encode(work, ids, mask)
	return m.NewDecoder(s, encoded, mask, beams, limit)
}

// NewDecoder returns a decoder over the encoder's output [texts, length, d_model] and its mask [texts, length], which writes at most
// limit tokens of each of beams hypotheses a text. Its memory is that of scope s, whose error says if it failed.
func (m *Model) NewDecoder(s *tensor.Scope, encoded, mask *tensor.Tensor, beams, limit int) *Decoder {
	d := m.newDecoder(s, encoded.Dim(0), beams, limit)
	if s.Err() != nil {
		return d
	}
	if dtype := tensor.Precision(s.Device()); tensor.Kernels(s.Device(), dtype) {
		if rows, lengths := present(s, encoded, mask); lengths != nil {
			d.kernel = d.newKernel(s, dtype, rows, lengths)
			return d
		}
	}
	d.mask = nn.PaddingMask(s, mask)
	for _, b := range m.weights.decoder.blocks {
		work := s.Child()
		kv := m.keyValue(work, b.cross, encoded)
		cross := keyValue{work.Contiguous(kv.k), work.Contiguous(kv.v)}
		s.Adopt(work, cross.k, cross.v)
		d.cross = append(d.cross, cross)
	}
	return d
}

// newDecoder has room for what the beams will have read.
func (m *Model) newDecoder(s *tensor.Scope, texts int64, beams, limit int) *Decoder {
	d := &Decoder{model: m, texts: texts, beams: int64(beams), limit: int64(limit)}
	d.ancestors = make([][]int32, d.texts*d.beams)
	dtype, shape := tensor.Precision(s.Device()), []int64{d.texts, m.config.NumHeads, d.limit * d.beams, m.config.DKV}
	for range m.weights.decoder.blocks {
		d.past = append(d.past, keyValue{s.Zeros(dtype, shape...), s.Zeros(dtype, shape...)})
	}
	return d
}

// Step reads one token of every row (a row is text x beams + beam) and returns the scores of what may follow it, [texts x
// beams, vocab_size], in scope s, whose other tensors are of no use afterwards. Row r goes on from where beam parents[r] of
// its text stood before; at the first step parents does not matter. More than limit steps are an error.
func (d *Decoder) Step(s *tensor.Scope, tokens, parents []int64) *tensor.Tensor {
	if err := d.advance(tokens, parents); err != nil {
		s.Fail(err)
		return nil
	}
	if d.kernel != nil {
		return s.DecoderStep(d.kernel, tokens, slices.Concat(d.ancestors...), d.length-1)
	}
	m := d.model
	x := m.decode(s, s.FromInt64s(tokens, d.texts, d.beams), attended{
		selfBias:  d.selfBias(s),
		crossBias: d.mask,
		self: func(s *tensor.Scope, layer int, x *tensor.Tensor) keyValue {
			return d.remember(s, d.past[layer], m.keyValue(s, m.weights.decoder.blocks[layer].self, x))
		},
		cross: func(_ *tensor.Scope, layer int, _ *tensor.Tensor) keyValue { return d.cross[layer] },
	})
	return s.Reshape(s.Linear(x, m.weights.head, nil), d.texts*d.beams, m.config.VocabSize)
}

// advance lets every row take its parent's ancestors, itself the last.
func (d *Decoder) advance(tokens, parents []int64) error {
	rows := len(d.ancestors)
	if len(tokens) != rows || len(parents) != rows {
		return fmt.Errorf("t5: decoder step: %d tokens and %d parents for %d rows", len(tokens), len(parents), rows)
	}
	if d.length == d.limit {
		return fmt.Errorf("t5: decoder step: all %d positions are written", d.limit)
	}
	next := make([][]int32, rows)
	for r, parent := range parents {
		if parent < 0 || parent >= d.beams {
			return fmt.Errorf("t5: decoder step: row %d continues beam %d of %d", r, parent, d.beams)
		}
		beam := int64(r) % d.beams
		from := d.ancestors[int64(r)-beam+parent]
		next[r] = append(slices.Grow(slices.Clone(from), 1), int32(beam))
	}
	d.ancestors = next
	d.length++
	return nil
}

// selfBias returns the position biases of the newest position, with all masked that is not in a beam's past: [texts, heads, beams,
// length x beams].
func (d *Decoder) selfBias(s *tensor.Scope) *tensor.Tensor {
	keys := d.length * d.beams
	mask := slices.Repeat([]float32{nn.Masked}, len(d.ancestors)*int(keys))
	for r, line := range d.ancestors {
		for position, beam := range line {
			mask[int64(r)*keys+int64(position)*d.beams+int64(beam)] = 0
		}
	}
	buckets := make([]int64, 0, keys)
	for _, bucket := range d.model.buckets(false).Between(1-d.length, 0) {
		for range d.beams {
			buckets = append(buckets, bucket)
		}
	}
	position := s.Embedding(d.model.weights.decoder.bias, s.FromInt64s(buckets, 1, keys)) // [1, keys, heads]
	return s.Add(s.Unsqueeze(s.Transpose(position, 1, 2), 2), s.FromFloat32s(mask, d.texts, 1, d.beams, keys))
}

// remember writes the newest position's keys and values behind the others and returns them all.
func (d *Decoder) remember(s *tensor.Scope, past, newest keyValue) keyValue {
	at := (d.length - 1) * d.beams
	s.Copy(s.Narrow(past.k, 2, at, d.beams), newest.k)
	s.Copy(s.Narrow(past.v, 2, at, d.beams), newest.v)
	return keyValue{s.Narrow(past.k, 2, 0, at+d.beams), s.Narrow(past.v, 2, 0, at+d.beams)}
}
