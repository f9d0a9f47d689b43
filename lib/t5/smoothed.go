package t5

import (
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Smoothed is a model that learns with label smoothing (Szegedy et al. 2016): a share Epsilon of each label's probability is spread
// evenly over the vocabulary. Its loss is that of transformers' LabelSmoother, to be trained on and evaluated by.
type Smoothed struct {
	*Model
	Epsilon float64 // from 0 (none) up to but not including 1
}

// Loss returns (1-Epsilon) times the model's own loss plus Epsilon times the mean, over the labels that are not [nn.IgnoredLabel] and
// over the vocabulary, of the negative log-probabilities. The result is s's, and so is its error.
func (m Smoothed) Loss(s *tensor.Scope, b Batch) *tensor.Tensor {
	logits := s.Cast(m.Logits(s, b), tensor.Float32)
	logits = s.Reshape(logits, -1, m.config.VocabSize)
	labels := s.Reshape(b.Labels, -1)
	own := s.CrossEntropy(logits, labels, nn.IgnoredLabel)

	ignored := s.Cast(s.Equal(labels, nn.IgnoredLabel), tensor.Float32)
	asked := s.AddScalar(s.MulScalar(ignored, -1), 1)
	even := s.Mul(s.MeanDim(s.LogSoftmax(logits, -1), -1, false), asked)
	mean := s.MulScalar(s.Div(s.Sum(even), s.Sum(asked)), -1)
	return s.Add(s.MulScalar(own, 1-m.Epsilon), s.MulScalar(mean, m.Epsilon))
}
