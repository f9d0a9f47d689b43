package sentence

import (
	"context"
	"iter"
)

// window is how many texts of a stream are in memory at once: enough to compute those of like length together, few enough that little
// is lost where the process is killed.
const window = 1024

// Stream is [Model.Encode] for texts that do not all fit into memory. It yields the vectors of the texts, in their order and one after
// the other, a thousand at a time, and keeps no more than those. An error of texts, or of encoding, is the last that it yields.
// o.Progress is told a total of 0, as nobody knows it.
func (m *Model) Stream(ctx context.Context, texts iter.Seq2[string, error], o Options) iter.Seq2[[]float32, error] {
	return func(yield func([]float32, error) bool) {
		done := 0
		for batch, err := range windows(texts) {
			var vectors []float32
			if err == nil {
				vectors, err = m.Encode(ctx, batch, o.behind(done))
			}
			if !yield(vectors, err) || err != nil {
				return
			}
			done += len(batch)
		}
	}
}

// behind returns the options of a call that goes on after so many texts.
func (o Options) behind(before int) Options {
	if report := o.Progress; report != nil {
		o.Progress = func(done, _ int) { report(before+done, 0) }
	}
	return o
}

// windows yields texts many at a time. What came before an error is dropped: it would be another window than without.
func windows(texts iter.Seq2[string, error]) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		var batch []string
		for text, err := range texts {
			if err != nil {
				yield(nil, err)
				return
			}
			if batch = append(batch, text); len(batch) == window {
				if !yield(batch, nil) {
					return
				}
				batch = nil
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}
