package query_test

import (
	"errors"
	"strings"
	"testing"

	"paperlab/tracker/query"
)

func TestErrorsPointAtTheColumnAndSayWhatToWrite(t *testing.T) {
	for _, c := range []struct {
		text        string
		column      int
		why, advice string
	}{
		{`statsu == "finished"`, 1, "no field statsu", "did you mean status?"},
		{`params.lr < 1 && lossy > 2`, 18, "no field lossy", `last("lossy")`},
		{`param.lr < 1`, 1, "there is no param", "did you mean params?"},
		{`status.x == 1`, 1, "status has no parts", ""},
		{`params == 1`, 1, "params needs a key", "params.lr"},
		{`params.lr == nil`, 14, "missing cannot be compared", "has(params.lr)"},
		{`params[lr] == 1`, 8, "a key is text in double quotes", ""},
		{`params.batch-size == 8`, 14, "no field size", `params["batch-size"]`},
		{`params.type == "x"`, 8, "type is a keyword of Go", `params["type"]`},
		{`status == "failed" || params.model.func == "x"`, 36, "func is a keyword of Go", `params.model["func"]`},
		{`session <-1`, 9, "arrow", "write < -"},
		{`status == "done"`, 11, `status "done": want running`, ""},
		{`status == 'finished'`, 11, "double quotes", `"finished"`},
		{`name == 'x'`, 9, "double quotes", ""},
		{`status = "finished"`, 8, "= does not compare", "write =="},
		{`status == "finished" and params.lr < 1`, 22, "and is no operator", "write &&"},
		{`status == "finished" OR params.lr < 1`, 22, "OR is no operator", "write ||"},
		{`session & 1 == 1`, 9, "no operator &", "write &&"},
		{`(status == "finished"`, 22, "not complete", ""},
		{`status ==`, 10, "not complete", ""},
		{`lst("loss") < 1`, 1, "no function lst", "did you mean last?"},
		{`startswith(name, "x")`, 1, "no function startswith", "did you mean startsWith?"},
		{`frobnicate(name)`, 1, "no function frobnicate", "there are ago, at, contains"},
		{`last() < 1`, 1, "last has 0 arguments", `last("eval/loss", ["rank=0"])`},
		{`min(eval/loss) < 1`, 5, "the key of a series stands in double quotes", ""},
		{`last("loss", "%zz") < 1`, 14, "no context", "rank=0"},
		{`at("loss", 1.5) < 1`, 12, "a step is a whole number", ""},
		{`at("loss", params.x) < 1`, 12, "a step is a whole number", ""},
		{`matches(name, "(") `, 15, "missing closing", ""},
		{`matches(name, name)`, 15, "the pattern stands in double quotes", ""},
		{`contains(session, "1")`, 10, "this is a number, and should be text", ""},
		{`name < 3`, 6, "text is compared with a number", "double quotes"},
		{`started > "yesterday"`, 11, `"yesterday" is no time`, ""},
		{`started > 5`, 9, "a time is compared with a number", "ago"},
		{`duration > 5`, 10, "a duration is compared with a number", "90m"},
		{`duration > "5"`, 12, `"5" is no duration`, ""},
		{`ago("x") < started`, 5, `"x" is no duration`, ""},
		{`true < false`, 6, "no order", ""},
		{`name && true`, 1, "this is text, and should be true or false", "compare"},
		{`!name`, 2, "this is text, and should be true or false", ""},
		{`-name == 1`, 2, "this is text, and should be a number", ""},
		{`^1 == 1`, 1, "no operator ^", ""},
		{`name + 1 == 1`, 1, "this is text, and should be a number", ""},
		{`last("loss")`, 1, "this is a number, and a filter has to be true or false", "compare"},
		{` "x"`, 2, "this is text, and a filter", ""},
		{`func() {} == 1`, 1, "not of this language", ""},
		{`[]int{1} == 1`, 1, "not of this language", ""},
		{`name.(string) == "x"`, 1, "not of this language", ""},
		{`name[1:2] == "x"`, 1, "not of this language", ""},
		{`params.x() == 1`, 1, "no function", ""},
		{`99999999999999999999 == session`, 1, "no number of 64 bits", ""},
		{`1e999 < 1`, 1, "no number of 64 bits", ""},
		{`3i < 1`, 1, "no number of 64 bits", ""},
		{`name == "é" && lossy > 2`, 16, "no field lossy", ""},
		{`status == "finished" name`, 22, "an operator before name", ""},
	} {
		_, err := query.Parse(c.text)
		var wrong *query.Error
		if !errors.As(err, &wrong) {
			t.Errorf("%s: got %v", c.text, err)
			continue
		}
		if wrong.Column != c.column || !strings.Contains(wrong.Why, c.why) || !strings.Contains(wrong.Hint(), c.advice) || wrong.Text != c.text {
			t.Errorf("%s:\ngot  column %d, %q, %q\nwant column %d, %q, %q", c.text, wrong.Column, wrong.Why, wrong.Advice, c.column, c.why, c.advice)
		}
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("(", 10_000) + "true" + strings.Repeat(")", 6000), strings.Repeat("!", 9000) + "true", "true" + strings.Repeat("||true", 2000),
		`name == "` + strings.Repeat("x", 20_000) + `"`,
	} {
		var wrong *query.Error
		if _, err := query.Parse(text); !errors.As(err, &wrong) {
			t.Errorf("%.20s...: got %v", text, err)
		}
	}
}
