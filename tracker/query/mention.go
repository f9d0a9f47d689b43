package query

import (
	"maps"
	"slices"
	"strings"
)

// mention is a parameter, tag or series that a text names.
type mention struct {
	text string
	in   func(Row) bool // whether a run has it
}

func (c *compiler) mention(text string, in func(Row) bool) {
	c.named = append(c.named, mention{text, in})
}

// Unknown tells which parameters, tags and series the filter names that none of these runs has, a sentence each. To lack
// one is no error, but if all runs do, the name may be misspelt.
func (f *Filter) Unknown(rows []Row) (sentences []string) {
	choices := ChoicesOf(rows)
	known := map[string]map[string]string{} // by mapping and key, the expression
	for _, text := range slices.Concat(choices.Params, choices.Tags, choices.Series) {
		mapping, key := parts(text)
		if known[mapping] == nil {
			known[mapping] = map[string]string{}
		}
		known[mapping][key] = text
	}
	for _, m := range f.named {
		if slices.ContainsFunc(rows, m.in) {
			continue
		}
		sentence := "no run has " + m.text
		mapping, key := parts(m.text)
		if near := nearest(key, slices.Collect(maps.Keys(known[mapping]))); near != "" {
			sentence += ": did you mean " + known[mapping][near] + "?"
		}
		if !slices.Contains(sentences, sentence) {
			sentences = append(sentences, sentence)
		}
	}
	return sentences
}

// parts takes params.lr, params["lr"] and "loss" apart, the mapping of which is empty.
func parts(text string) (mapping, key string) {
	at := strings.IndexAny(text, `."[`)
	return text[:at], strings.Trim(text[at:], `."[]`)
}
