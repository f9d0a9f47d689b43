package query_test

import (
	"errors"
	"testing"

	"paperlab/tracker/query"
)

// Whatever is typed, it is read without a panic, an error points into the text, and what was read can be asked of any run.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		`status == "finished" && params.lr <= 5e-5 && (min("eval/loss") < 2.5 || tags.best == "yes") && !has(params.debug) && at("eval/loss", 100) > 0 && params["a b"] != 3`,
		`-last("loss", "rank=0"), started`, `name, params.lr as lr, min("eval/loss") as "x, y"`, `started > ago("24h") || duration < "2d"`, `matches(name, "^(a|b)+$")`,
		`params.betas[0] / -1_000 + 0x1p-2 * .5 == 'x'`, "a\xff\n==`", `f(x...)(y)[1:2].(T)`, `func() { go x() }`, `[]int{1}`, `status = 'x' and or`, `as as as`, `env.go`, `ago("99999w99999d")`, `(`, `,`, `"`,
		"name == \"\ufeff\"", "A\xf4!1,", `isNaN(params.x) == contains(params.y, tags.z)`, `/* */ x // y`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rows := []query.Row{bare(), tuned()}
		if filter, err := query.Parse(text); pointed(t, text, err) {
			for _, row := range rows {
				if _, err := filter.Match(row); err != nil {
					t.Errorf("%q failed: %v", text, err)
				}
			}
		}
		if columns, err := query.ParseColumns(text); pointed(t, text, err) {
			if _, err := columns.Group(rows); err != nil {
				t.Errorf("%q failed: %v", text, err)
			}
		}
		if sort, err := query.ParseSort(text); pointed(t, text, err) {
			if err := sort.Rows(rows); err != nil {
				t.Errorf("%q failed: %v", text, err)
			}
		}
	})
}

// pointed reports whether there is no error, and checks the one that there is.
func pointed(t *testing.T, text string, err error) bool {
	t.Helper()
	if err == nil {
		return true
	}
	var wrong *query.Error
	if !errors.As(err, &wrong) || wrong.Column < 1 || wrong.Column > len([]rune(text))+1 || wrong.Why == "" || wrong.Caret() == "" {
		t.Errorf("%q: got %#v", text, err)
	}
	return false
}
