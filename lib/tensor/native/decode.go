package native

/*
#include <stdlib.h>
#include "decode.h"
*/
import "C"

import "unsafe"

// DecoderLayer is a layer's weights, most of them packed, and the keys and values that it looks at (decode.h).
type DecoderLayer struct {
	SelfNorm, SelfIn, SelfOut, CrossNorm, CrossIn, CrossOut, FeedNorm, Gate, Up, Down Handle
	PastKeys, PastValues, CrossKeys, CrossValues                                      Handle
}

// Decoder is a T5 decoder at work (decode.h).
type Decoder struct {
	Embedding, Norm, Head, Distances             Handle
	Texts, Beams, Limit, Heads, HeadSize, Hidden int64
	Epsilon, Scale                               float64
	Lengths                                      []int64
	Layers                                       []DecoderLayer
}

// DecoderCross packs the keys and values of encoded texts x [tokens, width] of these lengths.
func DecoderCross(x, weight Handle, lengths []int64, heads, headSize int64) (keys, values Handle, err error) {
	var k, v C.pl_tensor
	err = failure(C.pl_decoder_cross(&k, &v, C.pl_tensor(x), C.pl_tensor(weight), (*C.int64_t)(&lengths[0]), C.int64_t(len(lengths)),
		C.int64_t(heads), C.int64_t(headSize)))
	return Handle(k), Handle(v), err
}

// DecoderStep reads one token a row at a position and returns the logits [rows, vocabulary]. ancestors has position + 1 entries a row.
func DecoderStep(d *Decoder, tokens []int64, ancestors []int32, position int64) (Handle, error) {
	c := C.pl_decoder{
		embedding: C.pl_tensor(d.Embedding), norm: C.pl_tensor(d.Norm), head: C.pl_tensor(d.Head), distances: C.pl_tensor(d.Distances),
		texts: C.int64_t(d.Texts), beams: C.int64_t(d.Beams), limit: C.int64_t(d.Limit), heads: C.int64_t(d.Heads),
		head_size: C.int64_t(d.HeadSize), hidden: C.int64_t(d.Hidden), epsilon: C.double(d.Epsilon), scale: C.double(d.Scale),
	}
	// A DecoderLayer has the fields of a pl_decoder_layer in its order; both are pointers alone.
	layers := (*C.pl_decoder_layer)(unsafe.Pointer(&d.Layers[0]))
	var logits C.pl_tensor
	err := failure(C.pl_decoder_step(&logits, &c, layers, C.int64_t(len(d.Layers)), (*C.int64_t)(&d.Lengths[0]), (*C.int64_t)(&tokens[0]),
		(*C.int32_t)(&ancestors[0]), C.int64_t(position)))
	return Handle(logits), err
}
