package tensor

import "paperlab/lib/tensor/native"

// Decoder is a T5 decoder at work on texts, several beams each: its weights, and the keys and values that its attentions look at. One
// goroutine steps it. It runs where [Kernels] says so. A row is text x beams + beam; all products are of the packed weights' type.
type Decoder struct {
	Beams, Limit    int64 // hypotheses a text; tokens that each may have
	Heads, HeadSize int64
	Hidden          int64 // width of the feed-forward blocks' hidden layer
	Epsilon         float64
	Scale           float64 // of what the output layer is given
	Embedding, Norm *Tensor // [vocabulary, width], [width]
	Head            *Tensor // packed [vocabulary, width]
	Distances       *Tensor // float32 [heads, limit]: what a key so many positions back adds to its score
	Lengths         []int64 // tokens of each text
	Layers          []DecoderLayer
}

// DecoderLayer is a layer of a [Decoder].
type DecoderLayer struct {
	SelfNorm, CrossNorm, FeedNorm *Tensor // [width]
	SelfIn, SelfOut               *Tensor // packed: queries, keys and values below one another [3 x heads x size, width]; [width, heads x size]
	CrossIn, CrossOut             *Tensor // packed: queries [heads x size, width]; [width, heads x size]
	Gate, Up, Down                *Tensor // packed [hidden, width], [hidden, width], [width, hidden]; Gate is nil for ReLU
	PastKeys, PastValues          *Tensor // of the packed weights' type, [texts, heads, limit x beams, size]: each step writes its own
	CrossKeys, CrossValues        *Tensor // what [Scope.DecoderCross] returned
}

// DecoderCross packs, for a [DecoderLayer], the keys and values of encoded texts x [tokens, width], which lie one after the other with
// these numbers of tokens, none 0. weight is packed: keys and values below one another [2 x heads x size, width].
func (s *Scope) DecoderCross(x, weight *Tensor, lengths []int64, heads, size int64) (keys, values *Tensor) {
	var second native.Handle
	keys = s.doNative("decoder cross", func() (first native.Handle, err error) {
		first, second, err = native.DecoderCross(x.handle(), weight.handle(), lengths, heads, size)
		return first, err
	}, x, weight)
	values = s.doNative("decoder cross", func() (native.Handle, error) { return second, nil })
	return keys, values
}

// DecoderStep reads one token of every row at a position, 0 for the first, and returns the scores of what may follow it, float32
// [rows, vocabulary]. ancestors has position + 1 entries a row: the beam that read each position of its past, itself the last.
func (s *Scope) DecoderStep(d *Decoder, tokens []int64, ancestors []int32, position int64) *Tensor {
	var all handles
	n := all.decoder(d)
	return s.doNative("decoder step", func() (native.Handle, error) {
		return native.DecoderStep(n, tokens, ancestors, position)
	}, all...)
}

func (h *handles) decoder(d *Decoder) *native.Decoder {
	n := &native.Decoder{
		Embedding: h.of(d.Embedding), Norm: h.of(d.Norm), Head: h.of(d.Head), Distances: h.of(d.Distances),
		Texts: int64(len(d.Lengths)), Beams: d.Beams, Limit: d.Limit, Heads: d.Heads, HeadSize: d.HeadSize, Hidden: d.Hidden,
		Epsilon: d.Epsilon, Scale: d.Scale, Lengths: d.Lengths, Layers: make([]native.DecoderLayer, 0, len(d.Layers)),
	}
	for _, l := range d.Layers {
		n.Layers = append(n.Layers, native.DecoderLayer{
			SelfNorm: h.of(l.SelfNorm), SelfIn: h.of(l.SelfIn), SelfOut: h.of(l.SelfOut),
			CrossNorm: h.of(l.CrossNorm), CrossIn: h.of(l.CrossIn), CrossOut: h.of(l.CrossOut),
			FeedNorm: h.of(l.FeedNorm), Gate: h.of(l.Gate), Up: h.of(l.Up), Down: h.of(l.Down),
			PastKeys: h.of(l.PastKeys), PastValues: h.of(l.PastValues), CrossKeys: h.of(l.CrossKeys), CrossValues: h.of(l.CrossValues),
		})
	}
	return n
}
