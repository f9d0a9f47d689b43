package nn

import "paperlab/lib/tensor"

// IgnoredLabel marks a label that takes no part in the loss.
const IgnoredLabel = -100

// LinearCrossEntropy returns the mean cross-entropy of softmax(h weightᵀ) against labels, those that are [IgnoredLabel]
// left out: h [batch, length, width], weight [vocabulary, width], labels int64 [batch, length]. The softmax is computed
// in float32.
func LinearCrossEntropy(s *tensor.Scope, h, weight, labels *tensor.Tensor) *tensor.Tensor {
	return SmoothedCrossEntropy(s, h, weight, labels, 0)
}

// SmoothedCrossEntropy is [LinearCrossEntropy] with label smoothing (Szegedy et al. 2016): a share epsilon of each label's probability, from 0
// up to but not including 1, is spread evenly over the vocabulary, the label included. It equals the loss of transformers' LabelSmoother.
func SmoothedCrossEntropy(s *tensor.Scope, h, weight, labels *tensor.Tensor, epsilon float64) *tensor.Tensor {
	if tensor.Fused([]*tensor.Tensor{h}, weight) {
		return s.FusedLinearCrossEntropy(h, weight, labels, IgnoredLabel, epsilon)
	}
	logits := s.Reshape(s.Cast(s.Linear(h, weight, nil), tensor.Float32), -1, weight.Dim(0))
	labels = s.Reshape(labels, -1)
	own := s.CrossEntropy(logits, labels, IgnoredLabel)
	if epsilon == 0 {
		return own
	}
	ignored := s.Cast(s.Equal(labels, IgnoredLabel), tensor.Float32)
	asked := s.AddScalar(s.MulScalar(ignored, -1), 1)
	even := s.Mul(s.MeanDim(s.LogSoftmax(logits, -1), -1, false), asked)
	mean := s.MulScalar(s.Div(s.Sum(even), s.Sum(asked)), -1)
	return s.Add(s.MulScalar(own, 1-epsilon), s.MulScalar(mean, epsilon))
}
