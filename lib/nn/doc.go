// Package nn holds what models are built of: their [Parameters], and the blocks that transformers share, each one function of
// tensors (normalisation with its residual, attention, gated GELU, linear layer with cross-entropy).
//
// A model lists its parameters once, as specs with the names of its checkpoint; NewParameters lays them out in one flat
// buffer with their gradients in another, so that clipping and the optimizer are one pass over memory, and the model
// looks its weights up by name:
//
//	specs := []nn.Spec{{Name: "out.weight", Shape: []int64{10, 4}, Decay: true}, {Name: "out.bias", Shape: []int64{10}}}
//	p, err := nn.NewParameters(tensor.CPU, specs)
//	...
//	y := s.Linear(x, p.Get("out.weight"), p.Get("out.bias"))
package nn
