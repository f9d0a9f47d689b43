package pairs

import (
	"fmt"
	"slices"
	"strings"

	"paperlab/lib/corpus"
)

// Study is the study's own rule: see [By].
const Study = "study"

// Rules are the names that [By] knows.
func Rules() []string { return []string{Study, "title", "category"} }

// By makes pairs by the rule of that name: study ([FromCategories]), title ([FromTitles]) or category ([FromMainCategory]). Of another
// name it says which there are.
func By(rule string, papers []corpus.Paper, o Options) ([]Pair, error) {
	switch rule {
	case Study:
		return FromCategories(papers, o), nil
	case "title":
		return FromTitles(papers), nil
	case "category":
		return FromMainCategory(papers, o), nil
	}
	return nil, CheckRule(rule)
}

// CheckRule returns an error that names the rules where there is none of that name.
func CheckRule(rule string) error {
	if slices.Contains(Rules(), rule) {
		return nil
	}
	return fmt.Errorf("pairs %s: one of %s is needed", rule, strings.Join(Rules(), ", "))
}
