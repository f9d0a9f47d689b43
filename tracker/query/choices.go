package query

import (
	"fmt"
	"go/token"
	"maps"
	"slices"

	"paperlab/tracker"
)

// Choices are what expressions about some runs can name, for those who offer columns to choose from.
type Choices struct {
	Fields []string // name, status, ...
	Params []string // params.lr, params["batch size"], ...
	Tags   []string // tags.best, ...
	Series []string // what stands in the brackets of last(...): "eval/loss", or "loss", "rank=0" with a context
}

// ChoicesOf lists what there is in these rows, each list sorted.
func ChoicesOf(rows []Row) Choices {
	params, tags, series := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		for key := range row.Run.Params {
			params[Key("params", key)] = true
		}
		for key := range row.Run.Tags {
			tags[Key("tags", key)] = true
		}
		for _, s := range row.Series {
			series[SeriesText(s.Key, s.Context)] = true
		}
	}
	return Choices{
		Fields: slices.Sorted(maps.Keys(fields)), Params: slices.Sorted(maps.Keys(params)),
		Tags: slices.Sorted(maps.Keys(tags)), Series: slices.Sorted(maps.Keys(series)),
	}
}

// Key writes the expression of a parameter or tag, or of what else params, tags, env and metrics hold: params.lr, or
// params["batch size"].
func Key(mapping, key string) string {
	if token.IsIdentifier(key) {
		return mapping + "." + key
	}
	return fmt.Sprintf("%s[%q]", mapping, key)
}

// SeriesText writes the arguments that name a series: "eval/loss", or "loss", "rank=0".
func SeriesText(key string, context tracker.Context) string {
	if context == "" {
		return fmt.Sprintf("%q", key)
	}
	return fmt.Sprintf("%q, %q", key, string(context))
}
