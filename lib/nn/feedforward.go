package nn

import "paperlab/lib/tensor"

// GatedGELU returns dropout(GELU(x gateᵀ) * (x upᵀ)) downᵀ, the feed-forward block of T5 v1.1 (Shazeer 2020: GEGLU, with the tanh form of
// GELU). x is [..., width], gate and up [hidden, width], down [width, hidden].
func GatedGELU(s *tensor.Scope, x, gate, up, down *tensor.Tensor, p float64) *tensor.Tensor {
	if tensor.Fused([]*tensor.Tensor{x}, gate, up, down) {
		return s.FusedFeedForward(x, tensor.FeedForwardWeights{Gate: gate, Up: up, Down: down}, tensor.ActivateGELUTanh, p)
	}
	hidden := s.Mul(s.GELUTanh(s.Linear(x, gate, nil)), s.Linear(x, up, nil))
	return s.Linear(s.Dropout(hidden, p), down, nil)
}

// GELUBlock returns GELU(x upᵀ + upBias) downᵀ + downBias, the feed-forward block of BERT. x is [..., width], up [hidden, width], down [width,
// hidden], the biases vectors.
func GELUBlock(s *tensor.Scope, x, up, upBias, down, downBias *tensor.Tensor) *tensor.Tensor {
	if tensor.Fused([]*tensor.Tensor{x}, up, upBias, down, downBias) {
		weights := tensor.FeedForwardWeights{Up: up, UpBias: upBias, Down: down, DownBias: downBias}
		return s.FusedFeedForward(x, weights, tensor.ActivateGELU, 0)
	}
	return s.Linear(s.GELU(s.Linear(x, up, upBias)), down, downBias)
}

// ReLUBlock returns dropout(ReLU(x upᵀ)) downᵀ, the feed-forward block of the first T5 (and, with biases, of Vaswani et al. 2017). x is [...,
// width], up [hidden, width], down [width, hidden].
func ReLUBlock(s *tensor.Scope, x, up, down *tensor.Tensor, p float64) *tensor.Tensor {
	if tensor.Fused([]*tensor.Tensor{x}, up, down) {
		return s.FusedFeedForward(x, tensor.FeedForwardWeights{Up: up, Down: down}, tensor.ActivateReLU, p)
	}
	return s.Linear(s.Dropout(s.ReLU(s.Linear(x, up, nil)), p), down, nil)
}
