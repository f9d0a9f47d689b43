package runs

import (
	"maps"
	"slices"

	"paperlab/tracker"
)

// Differing returns the names of the parameters that are not the same in all of these runs.
func Differing(summaries []Summary) []string {
	return slices.DeleteFunc(paramKeys(summaries), func(key string) bool { return !differs(summaries, key) })
}

// differs reports whether the runs disagree about a parameter, or only some of them have it.
func differs(summaries []Summary, key string) bool {
	type entry struct{ kind, text string }
	var entries []entry
	for _, s := range summaries {
		var e entry
		if value, ok := s.Run.Params[key]; ok {
			// What a store gave back can be encoded again.
			e.kind, e.text, _ = tracker.EncodeParam(value)
		}
		entries = append(entries, e)
	}
	return len(slices.Compact(entries)) > 1
}

func paramKeys(summaries []Summary) []string {
	keys := map[string]bool{}
	for _, s := range summaries {
		for key := range s.Run.Params {
			keys[key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}
