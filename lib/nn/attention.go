package nn

import "paperlab/lib/tensor"

// Masked is what a position that may not be attended to adds to its score: float32's most negative finite number, as
// transformers has it, so that a row with nothing to attend to gives the mean of its values and not NaN.
const Masked = -3.4028234663852886e38

// SplitHeads turns [batch, length, heads x size] into [batch, heads, length, size].
func SplitHeads(s *tensor.Scope, x *tensor.Tensor, heads int64) *tensor.Tensor {
	return s.Transpose(s.Reshape(x, x.Dim(0), x.Dim(1), heads, x.Dim(2)/heads), 1, 2)
}

// Attention mixes values by the softmax of scale times query-key products plus bias and mask, with dropout p on the weights (Vaswani et al.
// 2017). q is [batch, heads, queries, size], k and v [batch, heads, keys, size]. Bias, what the model learned about positions, and mask,
// which holds [Masked] entries and has no gradient, broadcast to [batch, heads, queries, keys]; nil for none. The result is [batch,
// queries, heads x size]. T5 has scale 1; BERT 1/sqrt(size).
func Attention(s *tensor.Scope, q, k, v, bias, mask *tensor.Tensor, scale, p float64) *tensor.Tensor {
	if tensor.Fused([]*tensor.Tensor{q, k, v}) {
		return s.FusedAttention(q, k, v, bias, mask, scale, p)
	}
	if scale != 1 {
		q = s.MulScalar(q, scale) // smaller than the scores
	}
	scores := s.MatMul(q, s.Transpose(k, 2, 3))
	for _, more := range []*tensor.Tensor{bias, mask} {
		if more != nil {
			scores = s.Add(scores, more)
		}
	}
	weights := s.Dropout(s.Softmax(s.Cast(scores, tensor.Float32), -1), p)
	mixed := s.Transpose(s.MatMul(s.Cast(weights, v.DType()), v), 1, 2)
	return s.Reshape(mixed, q.Dim(0), q.Dim(2), q.Dim(1)*q.Dim(3))
}

// PaddingMask turns a mask [batch, keys] of ones and zeros into what Attention adds: [batch, 1, 1, keys], 0 or [Masked].
func PaddingMask(s *tensor.Scope, mask *tensor.Tensor) *tensor.Tensor {
	missing := s.AddScalar(s.MulScalar(s.Cast(mask, tensor.Float32), -1), 1)
	return s.MulScalar(s.Unsqueeze(s.Unsqueeze(missing, 1), 1), Masked)
}

// CausalMask is what Attention adds for n positions that see themselves and those before them: [1, 1, n, n], 0 or [Masked].
func CausalMask(s *tensor.Scope, n int64) *tensor.Tensor {
	mask := make([]float32, n*n)
	for query := range n {
		for key := query + 1; key < n; key++ {
			mask[query*n+key] = Masked
		}
	}
	return s.FromFloat32s(mask, 1, 1, n, n)
}
