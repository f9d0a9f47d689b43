package nn

import "paperlab/lib/tensor"

// RMSNorm scales x [..., width] by the inverse root of its mean square and by weight [width], computed in float32 whatever x is (Zhang
// and Sennrich 2019; T5LayerNorm of transformers).
func RMSNorm(s *tensor.Scope, x, weight *tensor.Tensor, eps float64) *tensor.Tensor {
	x = s.Cast(x, tensor.Float32)
	variance := s.MeanDim(s.Mul(x, x), -1, true)
	return s.Mul(weight, s.Mul(x, s.Rsqrt(s.AddScalar(variance, eps))))
}

// AddNorm adds the output y of a sub-layer, after dropout p, to the residual stream x, and normalises the sum for the next
// one: it returns both, [..., width].
func AddNorm(s *tensor.Scope, x, y, weight *tensor.Tensor, p, eps float64) (sum, normed *tensor.Tensor) {
	sum = s.Add(x, s.Dropout(y, p))
	return sum, RMSNorm(s, sum, weight, eps)
}

// Normalize scales the rows of x [..., width] to length 1, zero rows excepted (torch.nn.functional.normalize).
func Normalize(s *tensor.Scope, x *tensor.Tensor) *tensor.Tensor {
	const shortest = 1e-12
	return s.Div(x, s.ClampMin(s.NormDim(x, -1, true), shortest))
}
