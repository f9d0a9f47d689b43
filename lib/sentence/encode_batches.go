package sentence

import (
	"iter"
	"slices"
)

// How many tokens a processor computes at once. For libtorch's operations, padding included: enough for matrix products at full speed,
// few enough that what lies between them stays in its caches, and below the size from which on the allocator gives memory back
// each time. Our own kernel wants enough for all threads.
const fewEnough, enough = 1024, 4096

// batching says what is computed at once.
type batching struct {
	texts, tokens int  // at most; padding counts as tokens
	mixed         bool // lengths may differ at will: nothing is padded
}

// batches yields the numbers of the texts, those with most tokens first. Where they are not mixed, none is less than
// half as long as the longest beside it, as padding costs as much as text.
func (b batching) batches(tokens [][]int) iter.Seq[[]int] {
	order := make([]int, len(tokens))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(tokens[b]) - len(tokens[a]) })
	return func(yield func([]int) bool) {
		for rest := order; len(rest) > 0; {
			longest := len(tokens[rest[0]])
			most, n := min(b.texts, len(rest), b.tokens/max(longest, 1)), 1
			for n < most && (b.mixed || 2*len(tokens[rest[n]]) >= longest) {
				n++
			}
			if !yield(rest[:n]) {
				return
			}
			rest = rest[n:]
		}
	}
}
