package native

/*
#include <stdlib.h>
#include "encode.h"
*/
import "C"

import "unsafe"

// Norm is a norm's weight and bias; without a bias it is T5's RMS norm (encode.h).
type Norm struct{ Weight, Bias Handle }

// EncoderLayer is a layer's weights, the matrices packed (encode.h).
type EncoderLayer struct {
	In, InBias, Out, OutBias         Handle
	AfterAttention                   Norm
	Gate, Up, UpBias, Down, DownBias Handle
	AfterFeed                        Norm
}

// Encoder is an encoder's weights (encode.h).
type Encoder struct {
	Words, Positions, Type  Handle
	First                   Norm
	Distances               Handle
	Heads, HeadSize, Hidden int64
	Epsilon, Scale          float64
	Layers                  []EncoderLayer
}

// Encode returns the hidden states [tokens, width] of texts that lie one after the other in ids, of these lengths.
func Encode(e *Encoder, ids, lengths []int64) (Handle, error) {
	norm := func(n Norm) C.pl_norm { return C.pl_norm{weight: C.pl_tensor(n.Weight), bias: C.pl_tensor(n.Bias)} }
	c := C.pl_encoder{
		words: C.pl_tensor(e.Words), positions: C.pl_tensor(e.Positions), _type: C.pl_tensor(e.Type), first: norm(e.First),
		distances: C.pl_tensor(e.Distances), heads: C.int64_t(e.Heads), head_size: C.int64_t(e.HeadSize), hidden: C.int64_t(e.Hidden),
		epsilon: C.double(e.Epsilon), scale: C.double(e.Scale),
	}
	// An EncoderLayer has the fields of a pl_encoder_layer in its order; both are pointers alone.
	layers := (*C.pl_encoder_layer)(unsafe.Pointer(&e.Layers[0]))
	var hidden C.pl_tensor
	err := failure(C.pl_encode(&hidden, &c, layers, C.int64_t(len(e.Layers)), (*C.int64_t)(&ids[0]), (*C.int64_t)(&lengths[0]), C.int64_t(len(lengths))))
	return Handle(hidden), err
}
