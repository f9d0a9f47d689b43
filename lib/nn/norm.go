package nn

import "paperlab/lib/tensor"

// RMSNorm scales x [..., width] by the inverse root of its mean square and by weight [width], computed in float32 whatever x is (Zhang
// and Sennrich 2019; T5LayerNorm of transformers).
func RMSNorm(s *tensor.Scope, x, weight *tensor.Tensor, eps float64) *tensor.Tensor {
	if x.DType() == tensor.Float32 && tensor.Fused([]*tensor.Tensor{x}, weight) {
		_, normed := s.FusedAddNorm(x, nil, weight, nil, 0, eps)
		return normed
	}
	x = s.Cast(x, tensor.Float32)
	variance := s.MeanDim(s.Mul(x, x), -1, true)
	return s.Mul(weight, s.Mul(x, s.Rsqrt(s.AddScalar(variance, eps))))
}

// AddNorm adds the output y of a sub-layer, after dropout p, to the residual stream x, and normalises the sum for the next
// one: it returns both, [..., width].
func AddNorm(s *tensor.Scope, x, y, weight *tensor.Tensor, p, eps float64) (sum, normed *tensor.Tensor) {
	if x.DType() == tensor.Float32 && tensor.Fused([]*tensor.Tensor{x, y}, weight) {
		return s.FusedAddNorm(x, y, weight, nil, p, eps)
	}
	sum = s.Add(x, s.Dropout(y, p))
	return sum, RMSNorm(s, sum, weight, eps)
}

// AddLayerNorm adds the output y of a sub-layer, after dropout p, to x and normalises the sum by LayerNorm with weight and bias [width], in
// float32: what goes on is the norm (the original transformer; BERT).
func AddLayerNorm(s *tensor.Scope, x, y, weight, bias *tensor.Tensor, p, eps float64) *tensor.Tensor {
	if x.DType() == tensor.Float32 && tensor.Fused([]*tensor.Tensor{x, y}, weight, bias) {
		_, normed := s.FusedAddNorm(x, y, weight, bias, p, eps)
		return normed
	}
	return s.LayerNorm(s.Add(x, s.Dropout(y, p)), weight, bias, eps)
}

// Normalize scales the rows of x [..., width] to length 1, zero rows excepted (torch.nn.functional.normalize).
func Normalize(s *tensor.Scope, x *tensor.Tensor) *tensor.Tensor {
	const shortest = 1e-12
	return s.Div(x, s.ClampMin(s.NormDim(x, -1, true), shortest))
}
