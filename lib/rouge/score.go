package rouge

// Score says how much of a reference a prediction covers. Each value lies in [0, 1].
type Score struct {
	Precision float64 `json:"precision"` // hits / units in the prediction
	Recall    float64 `json:"recall"`    // hits / units in the reference
	FMeasure  float64 `json:"fmeasure"`  // harmonic mean of the two, 0 when both are 0
}

// Scores holds the four measures of one pair of texts, or their means over many.
type Scores struct {
	Rouge1    Score `json:"rouge1"`
	Rouge2    Score `json:"rouge2"`
	RougeL    Score `json:"rougeL"`
	RougeLsum Score `json:"rougeLsum"`
}

// Mean returns the arithmetic mean of every value, and zeros for no scores at all. The mean F-measure is the mean of
// the F-measures, not the F-measure of the mean precision and recall.
func Mean(scores []Scores) Scores {
	var mean Scores
	n := float64(len(scores))
	for _, s := range scores {
		mean.Rouge1.addShare(s.Rouge1, n)
		mean.Rouge2.addShare(s.Rouge2, n)
		mean.RougeL.addShare(s.RougeL, n)
		mean.RougeLsum.addShare(s.RougeLsum, n)
	}
	return mean
}

// addShare adds one n-th of s.
func (m *Score) addShare(s Score, n float64) {
	m.Precision += s.Precision / n
	m.Recall += s.Recall / n
	m.FMeasure += s.FMeasure / n
}

// newScore turns a number of hits into a score. With no units on a side there are no hits either, and the score is 0.
func newScore(hits, referenceUnits, predictionUnits int) Score {
	s := Score{
		Precision: float64(hits) / float64(max(predictionUnits, 1)),
		Recall:    float64(hits) / float64(max(referenceUnits, 1)),
	}
	if s.Precision+s.Recall > 0 {
		s.FMeasure = 2 * s.Precision * s.Recall / (s.Precision + s.Recall)
	}
	return s
}
