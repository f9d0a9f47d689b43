package t5

import (
	"math"

	"paperlab/lib/tensor"
)

// present returns the encoded tokens that the mask does not hide, [tokens, d_model], text after text, and how many each text has: nil
// where a text has none, whose attention no kernel computes.
func present(s *tensor.Scope, encoded, mask *tensor.Tensor) (rows *tensor.Tensor, lengths []int64) {
	seen, err := mask.Int64s()
	if err != nil {
		s.Fail(err)
		return nil, nil
	}
	lengths = make([]int64, encoded.Dim(0))
	width := len(seen) / len(lengths)
	var at []int64
	for i, one := range seen {
		if one != 0 {
			at = append(at, int64(i))
			lengths[i/width]++
		}
	}
	for _, n := range lengths {
		if n == 0 {
			return nil, nil
		}
	}
	rows = s.Reshape(encoded, -1, encoded.Dim(2))
	if len(at) < len(seen) {
		rows = s.IndexSelect(rows, 0, s.FromInt64s(at, int64(len(at))))
	}
	return rows, lengths
}

// newKernel lays out what the kernel reads: the packed weights, and the keys and values of the encoded tokens rows, text after text.
func (d *Decoder) newKernel(s *tensor.Scope, dtype tensor.DType, rows *tensor.Tensor, lengths []int64) *tensor.Decoder {
	m, c := d.model, d.model.config
	pack := func(weights ...*tensor.Tensor) *tensor.Tensor { return m.parameters.Packed(s, dtype, weights...) }
	k := &tensor.Decoder{
		Beams: d.beams, Limit: d.limit, Heads: c.NumHeads, HeadSize: c.DKV, Hidden: c.DFF, Epsilon: c.LayerNormEpsilon, Scale: 1,
		Embedding: m.weights.embedding, Norm: m.weights.decoder.norm, Head: pack(m.weights.head), Distances: d.distances(s), Lengths: lengths,
	}
	if c.TieWordEmbeddings {
		k.Scale = math.Pow(float64(c.DModel), -0.5)
	}
	for i, b := range m.weights.decoder.blocks {
		layer := tensor.DecoderLayer{
			SelfNorm: b.self.norm, SelfIn: pack(b.self.q, b.self.k, b.self.v), SelfOut: pack(b.self.o),
			CrossNorm: b.cross.norm, CrossIn: pack(b.cross.q), CrossOut: pack(b.cross.o),
			FeedNorm: b.feed.norm, Up: pack(b.feed.up), Down: pack(b.feed.down), PastKeys: d.past[i].k, PastValues: d.past[i].v,
		}
		if b.feed.gate != nil {
			layer.Gate = pack(b.feed.gate)
		}
		layer.CrossKeys, layer.CrossValues = s.DecoderCross(rows, pack(b.cross.k, b.cross.v), lengths, c.NumHeads, c.DKV)
		k.Layers = append(k.Layers, layer)
	}
	return k
}

// distances returns what a key adds to its score by how many positions it lies back: float32 [heads, limit].
func (d *Decoder) distances(s *tensor.Scope) *tensor.Tensor {
	buckets := make([]int64, d.limit)
	for back := range buckets {
		buckets[back] = d.model.buckets(false).Of(-int64(back))
	}
	return s.Contiguous(s.Transpose(s.Embedding(d.model.weights.decoder.bias, s.FromInt64s(buckets, d.limit)), 0, 1))
}
