package query

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// nearest returns the name that someone who wrote word may have meant, or nothing if none is close.
func nearest(word string, names []string) string {
	best, least := "", len(word)/3+1
	for _, name := range slices.Sorted(slices.Values(names)) {
		if d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(name)); d < least || d == least && best == "" {
			best, least = name, d
		}
	}
	return best
}
