package tracker

import (
	"cmp"
	"math"
	"slices"
)

// Curve returns the points of one series that a plot shows, in order of their steps. Of a step that was logged twice
// that is the point logged last. A session hides the points of older sessions from its own first step on: training that
// was resumed from a checkpoint replaces what it repeats, and what came before stays. The points come in the order in
// which [Store.Points] gives them, and are left as they are.
func Curve(points []Point) []Point {
	sorted := slices.Clone(points)
	slices.SortStableFunc(sorted, func(a, b Point) int {
		return cmp.Or(cmp.Compare(a.Session, b.Session), cmp.Compare(a.Step, b.Step))
	})
	// Backwards, from the newest session: what is shown lies below everything that is shown already.
	var shown []Point
	from := int64(math.MaxInt64)
	for i, p := range slices.Backward(sorted) {
		if i < len(sorted)-1 {
			next := sorted[i+1]
			if next.Session == p.Session && next.Step == p.Step {
				continue
			}
			if next.Session != p.Session {
				from = min(from, next.Step)
			}
		}
		if p.Session == sorted[len(sorted)-1].Session || p.Step < from {
			shown = append(shown, p)
		}
	}
	slices.Reverse(shown)
	return shown
}
