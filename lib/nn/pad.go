package nn

import "paperlab/lib/tensor"

// Pad lays sequences of ids, at least one, side by side: int64 [batch, longest], filled up with pad, and its mask of the same
// shape, 1 where there is an id and 0 where there is padding.
func Pad(s *tensor.Scope, sequences [][]int, pad int) (ids, mask *tensor.Tensor) {
	longest := 0
	for _, sequence := range sequences {
		longest = max(longest, len(sequence))
	}
	flat, present := make([]int64, len(sequences)*longest), make([]int64, len(sequences)*longest)
	for i, sequence := range sequences {
		row, have := flat[i*longest:(i+1)*longest], present[i*longest:(i+1)*longest]
		for j := range row {
			row[j] = int64(pad)
			if j < len(sequence) {
				row[j], have[j] = int64(sequence[j]), 1
			}
		}
	}
	shape := []int64{int64(len(sequences)), int64(longest)}
	return s.FromInt64s(flat, shape...), s.FromInt64s(present, shape...)
}
