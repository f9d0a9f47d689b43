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
	return nn.SmoothedCrossEntropy(s, m.teacherForced(s, b), m.weights.head, b.Labels, m.Epsilon)
}
