package query_test

import (
	"slices"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

func TestWhatCanBeChosenCanBeParsed(t *testing.T) {
	odd := named("odd", tracker.Params{"a\"b": int64(1), "type": int64(2), "\u202ex": int64(3)})
	choices := query.ChoicesOf([]query.Row{tuned(), bare(), odd})
	if !slices.Contains(choices.Params, "params.lr") || !slices.Contains(choices.Params, `params["a b"]`) || !slices.Contains(choices.Params, `params["type"]`) ||
		!slices.Equal(choices.Tags, []string{"tags.best", "tags.seed"}) || !slices.Equal(choices.Series, []string{`"eval/loss"`, `"loss", "rank=0"`, `"train/loss"`}) {
		t.Errorf("got %q", choices)
	}
	for _, text := range slices.Concat(choices.Fields, choices.Params, choices.Tags) {
		if match(t, "has("+text+") && false", tuned()) {
			t.Error("false is true")
		}
	}
	for _, series := range choices.Series {
		if !match(t, "has("+series+")", tuned()) {
			t.Errorf("the run that has %s has it not", series)
		}
	}
	for _, text := range []string{`params["a\"b"] == 1`, `params["type"] == 2`, query.Key("params", "\u202ex") + " == 3"} {
		if !match(t, text, odd) {
			t.Errorf("not fulfilled: %s", text)
		}
	}
}
