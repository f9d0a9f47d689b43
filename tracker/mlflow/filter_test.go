package mlflow

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"paperlab/tracker"
)

// sample is a run with a bit of everything.
var sample = runMessage{
	Info: runInfo{RunID: "abc", RunName: "it's first", Status: "FINISHED", StartTime: 5, UserID: "ann"},
	Data: runData{
		Metrics: []metric{{Key: "a b", Value: new(tracker.Number)}, {Key: "eval/loss", Value: new(tracker.Number)}},
		Params:  []pair{{"model", "t5.small"}, {"lr", "5e-05"}},
		Tags:    []pair{{"a.b", "100%"}, {"quote", `say "x"`}},
	},
}

func TestFilters(t *testing.T) {
	for filter, want := range map[string]bool{
		"":                                               true,
		"metrics.`a b` = 0":                              true,
		`metrics."eval/loss" <= 0.0`:                     true,
		"metrics.eval/loss > -1e-3":                      true,
		"metric.unknown != 1":                            false,
		"params.model = 't5.small'":                      true,
		"params.model LIKE 't5.%'":                       true,
		"params.model LIKE 't5_small'":                   true,
		"params.model like 'T5%'":                        false,
		"params.model ILIKE 'T5%'":                       true,
		"params.model LIKE 't5xsmall'":                   false,
		"param.lr != '1' and tag.a.b = '100%'":           true,
		"parameters.unknown != 'x'":                      false,
		"params.unknown IS NULL":                         true,
		"tags.`a.b` is not null":                         true,
		`tags.quote = 'say "x"'`:                         true,
		`tags."quote" = "say ""x"""`:                     true,
		"attributes.run_name = 'it''s first'":            true,
		"`run name` = 'x'":                               false,
		"created >= 5 AND created<6":                     true,
		"end_time > 0":                                   false,
		"run_id in ('x', 'abc')":                         true,
		"run_id NOT IN('x','abc')":                       false,
		"status='FINISHED'AND user_id='ann'":             true,
		"attr.status != 'FAILED' AND status = 'RUNNING'": false,
	} {
		clauses, err := runSchema.parse(filter)
		if err != nil || matches(clauses, sample.values) != want {
			t.Errorf("%s: want %v, %v", filter, want, err)
		}
	}
}

func TestFiltersThatAreRefused(t *testing.T) {
	for filter, want := range map[string]string{
		"metrics.a":                    "Invalid comparator ''",
		"metrics.a = 'x'":              "Expected numeric value",
		"metrics.a LIKE 'x'":           "Invalid comparator 'LIKE'",
		"params.a = 5":                 "Expected a quoted string",
		"params.a IN ('x')":            "Invalid comparator 'IN'",
		"params.a > 'x'":               "Invalid comparator '>'",
		"start_time = 'x'":             "Expected numeric value",
		"status IS NULL":               "Invalid comparator 'IS NULL'",
		"status = 'x' OR status = 'y'": "Only AND joins",
		"status = 'x' status = 'y'":    "Only AND joins",
		"status = 'x' AND":             "Expected 'Identifier'",
		"status = 'x":                  "the quote is not closed",
		"run_id IN ('x'":               "Expected a comma",
		"run_id IN 'x'":                "Expected a list",
		"unknown = 'x'":                "Invalid attribute key 'unknown'",
		"nonsense.a = 'x'":             "Invalid entity type 'nonsense'",
		"= 'x'":                        "Expected 'Identifier'",
		"!":                            "Invalid clause(s)",
	} {
		_, err := runSchema.parse(filter)
		var refused *apiError
		if !errors.As(err, &refused) || refused.Code != "INVALID_PARAMETER_VALUE" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", filter, err, want)
		}
	}
}

func TestOrders(t *testing.T) {
	orders, err := runSchema.orders([]string{"metrics.`eval loss` DESC", "run_name", "params.lr asc"})
	want := []order{{field{ofMetric, "eval loss"}, true}, {field{ofAttribute, "run_name"}, false}, {field{ofParam, "lr"}, false}}
	if err != nil || !slices.Equal(orders, want) {
		t.Errorf("got %v, %v", orders, err)
	}
	for _, bad := range [][]string{{""}, {"a b c"}, {"run_name DOWN"}, {"run_name", "run_name DESC"}, {"unknown"}} {
		if _, err := runSchema.orders(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestParamsHaveTheirTextsAgain(t *testing.T) {
	for text, want := range map[string]any{
		"3": int64(3), "-7": int64(-7), "03": "03", "+3": "+3", "1_000": "1_000", "99999999999999999999": "99999999999999999999",
		"5e-05": 5e-05, "5e-5": "5e-5", "0.0001": 0.0001, "1.0": 1.0, "1.": "1.", "1e+16": 1e16, "123456.0": 123456.0, "0x10": "0x10",
		"True": true, "true": "true", "False": false, "": "", "None": "None", "t5": "t5",
	} {
		if got := paramValue(text); got != want {
			t.Errorf("%q: got %#v, want %#v", text, got, want)
		}
		if got := paramText(paramValue(text)); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
	}
	for _, text := range []string{"nan", "inf", "-inf", "NaN", "Infinity"} {
		if got := paramText(paramValue(text)); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
	}
}

// FuzzFilter parses any filter: it is taken or refused, and a parameter's text never changes.
func FuzzFilter(f *testing.F) {
	f.Add("metrics.`a b` > 0.9 and params.m = 'a' and tags.t LIKE '%' and attributes.status IN ('x', \"y\")")
	f.Add("tags.a IS NOT NULL AND run_id NOT IN ('a''b')")
	f.Fuzz(func(t *testing.T, text string) {
		if got := paramText(paramValue(text)); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
		clauses, err := runSchema.parse(text)
		if err != nil {
			var refused *apiError
			if !errors.As(err, &refused) {
				t.Errorf("got %v", err)
			}
			return
		}
		matches(clauses, sample.values)
	})
}
