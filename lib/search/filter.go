package search

import "strings"

// Filter says which papers count. Its zero value lets all through.
type Filter struct {
	// Category is one of arXiv's, such as cs.CL, or an archive, such as cs, which stands for all of its.
	Category string
	// From and To are the first and the last year; 0 for none. A paper whose year is not known passes neither.
	From, To int
}

// Match reports whether the paper counts.
func (f Filter) Match(p Paper) bool {
	if f.From > 0 && p.Year < f.From || f.To > 0 && (p.Year == 0 || p.Year > f.To) {
		return false
	}
	if f.Category == "" {
		return true
	}
	for _, category := range strings.Fields(p.Categories) {
		if category == f.Category || strings.HasPrefix(category, f.Category+".") {
			return true
		}
	}
	return false
}
