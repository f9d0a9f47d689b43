package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"paperlab/tracker/query"
	"paperlab/tracker/runs"
)

// Tables with thousands of columns help nobody: so many are offered, and so many of each sort shown at first.
const (
	knownColumns = 1000
	usualColumns = 4
)

// known lists the expressions that the reader may want as columns: fields, parameters, tags, and the last, smallest and
// largest value of each series.
func known(rows []query.Row) []string {
	choices := query.ChoicesOf(rows)
	all := slices.Concat(choices.Fields, choices.Params, choices.Tags)
	for _, series := range choices.Series {
		for _, of := range []string{"last", "min", "max"} {
			all = append(all, of+"("+series+")")
		}
	}
	return all[:min(len(all), knownColumns)]
}

// usual lists the columns of a reader who has chosen none: parameters in which the runs differ, and what tells how good
// they are.
func usual(summaries []runs.Summary) string {
	var columns []string
	if slices.ContainsFunc(summaries, func(s runs.Summary) bool { return s.Run.Project != summaries[0].Run.Project }) {
		columns = append(columns, "project")
	}
	for _, key := range tellingParams(summaries) {
		if len(columns) <= usualColumns {
			columns = append(columns, query.Key("params", key))
		}
	}
	have := map[string]bool{}
	for _, s := range summaries {
		for _, one := range s.Series {
			have[one.Key] = have[one.Key] || one.Context == ""
		}
	}
	metrics := 0
	for _, column := range []struct{ of, key string }{
		{"last", "train/loss"}, {"min", "eval/loss"}, {"max", "rouge/rouge1"}, {"max", "rouge/rougeL"}, {"max", "eval/ndcg@10"},
	} {
		if have[column.key] && metrics < usualColumns {
			columns = append(columns, column.of+"("+query.SeriesText(column.key, "")+")")
			metrics++
		}
	}
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if metrics == 0 && have[key] && len(columns) < 2*usualColumns {
			columns = append(columns, "last("+query.SeriesText(key, "")+")")
		}
	}
	return strings.Join(columns, ", ")
}

// tellingParams are the parameters in which the runs differ: first those of several values, then those that some runs only lack.
func tellingParams(summaries []runs.Summary) []string {
	var telling, lacking []string
	for _, key := range runs.Differing(summaries) {
		if hasSeveral(summaries, key) {
			telling = append(telling, key)
		} else {
			lacking = append(lacking, key)
		}
	}
	return append(telling, lacking...)
}

// hasSeveral says whether a parameter has more than one value among the runs that have it.
func hasSeveral(summaries []runs.Summary, key string) bool {
	first, found := "", false
	for _, s := range summaries {
		value, ok := s.Run.Params[key]
		if !ok {
			continue
		}
		if text := fmt.Sprint(value); !found {
			first, found = text, true
		} else if text != first {
			return true
		}
	}
	return false
}
