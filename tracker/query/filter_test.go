package query_test

import (
	"errors"
	"slices"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

func TestWhatARunFulfils(t *testing.T) {
	for _, text := range []string{
		``, ` `, `true`, `!false`,
		`status == "finished" && params.lr <= 5e-5 && (min("eval/loss") < 2.5 || tags.best == "no") && !has(params.missing) && at("eval/loss", 100) > 0 && params["a b"] != 4`,
		`"finished" == status`, `name != "other"`, `name < "u"`, `group == ""`, `session == 1`, `commit == "abc"`, `host == "box"`,
		`params.lr == 5e-5`, `params.epochs == 3`, `params.epochs == 3.0`, `params.epochs > 2.5`, `params["lr"] < 1`, `params.lr * 1e5 == 5.0`,
		`params.epochs + 1 == 4`, `params.epochs / 2 == 1.5`, `-params.epochs == -3`, `params.big == 9223372036854775807`, `params.big != 9223372036854775806`,
		`params.bf16`, `!params.debug`, `params.debug == false`, `params.bf16 != params.debug`,
		`params.betas[0] == 0.9`, `params.betas["1"] == 0.999`, `params.betas == params.betas`, `params.model.size == "small"`, `params["model"]["layers"] == 8`,
		`params.data.name == "arxiv"`, `has(params.betas)`, `has(params.model)`,
		`tags.best == "yes"`, `tags["best"] == "yes"`, `env["go"] == "go1.26"`, `env["gonum.org/v1/plot"] == "v0.17.0"`,
		`last("eval/loss") == 2.4`, `metrics["eval/loss"] == 2.4`, `max("eval/loss") == 3.1`, `first("eval/loss") == 3.1`, `count("eval/loss") == 3`,
		`last("loss", "rank=0") == 7`, `at("eval/loss", 200) == 2.2`, `last("eval/loss") - min("eval/loss") > 0.1`,
		`has("eval/loss")`, `has("loss", "rank=0")`, `!has("loss")`, `has(tags.best)`, `has(ended)`, `!has(group)`, `has(params.empty)`, `has(params.debug)`,
		`isNaN(last("train/loss"))`, `!isNaN(last("eval/loss"))`,
		`contains(notes, "warm")`, `startsWith(name, "t5")`, `matches(name, "^t5-(small|base)")`, `matches(params.optimizer, "(?i)ADAM")`,
		`started > ago("1d")`, `ended < ago("30m")`, `started > "2026-03-13"`, `started < "2027-01-01 10:00"`, `started == "2026-03-14T09:00:00Z"`,
		`duration == "2h"`, `duration > "90m"`, `duration < "1d12h"`, `duration < "1w"`,
		"name == `t5-small tuned`", "status ==\n\t\"finished\"\n&& session == 1",
	} {
		if !match(t, text, tuned()) {
			t.Errorf("not fulfilled: %s", text)
		}
	}
}

func TestWhatIsMissingIsFalseInEveryComparison(t *testing.T) {
	for _, missing := range []string{
		`params.lr`, `params.none`, `params["a b"]`, `params.model.size`, `tags.best`, `env["go"]`, `metrics.loss`, `last("loss")`, `min("loss")`,
		`at("loss", 1)`, `first("loss")`, `count("loss")`, `last("loss", "rank=0")`, `-params.lr`, `params.lr + 1`, `1 / last("loss")`,
	} {
		for _, op := range []string{"==", "!=", "<", "<=", ">", ">="} {
			if match(t, missing+op+"1", bare()) || match(t, "1"+op+" "+missing, bare()) || match(t, missing+op+" "+missing, bare()) {
				t.Errorf("%s %s 1 is true of a run that has none", missing, op)
			}
		}
		if match(t, "has("+missing+")", bare()) {
			t.Errorf("has(%s)", missing)
		}
		if !match(t, "!("+missing+" == 1)", bare()) {
			t.Errorf("!(%s == 1) is not true of a run that has none", missing)
		}
	}
	for _, text := range []string{`ended > "2000-01-01"`, `ended != "2000-01-01"`, `params.debug`, `contains(params.x, "")`, `params.x == "x"`, `isNaN(last("loss"))`} {
		if match(t, text, bare()) {
			t.Errorf("true of a run that has none: %s", text)
		}
	}
	if !match(t, `!params.debug && status == "running" && duration == "1m"`, bare()) {
		t.Error("a run is not debugged unless it says so")
	}
	if match(t, `has(params.none)`, tuned()) {
		t.Error("null counts as missing")
	}
}

func TestValuesOfDifferentTypes(t *testing.T) {
	for text, want := range map[string]bool{
		`params.optimizer == 3`: false, `params.optimizer != 3`: true, `params.optimizer < 3`: false, `params.optimizer > 3`: false,
		`params.bf16 == 1`: false, `params.bf16 != 1`: true, `params.betas < 1`: false, `params.betas != 1`: true, `params.optimizer`: false, `params.lr`: false,
		`params.betas == params.model`: false, `params.betas != params.model`: true,
		// Text that reads as what it is compared with is that.
		`params.lr_text == 5e-5`: true, `params.lr_text < 1`: true, `params.lr == "5e-05"`: true, `tags.seed == 42`: true, `tags.seed > 9`: true, `tags.best > 9`: false,
		`params.flag_text`: true, `params.flag_text == true`: true, `params.when < started`: true, `params.optimizer < started`: false, `params.lr_text * 2 == 1e-4`: true,
		// NaN is unequal to everything.
		`last("train/loss") == last("train/loss")`: false, `last("train/loss") != 1`: true, `last("train/loss") < 1`: false, `last("train/loss") >= 1`: false,
	} {
		if got := match(t, text, tuned()); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func TestPointsAreReadOnlyWhereTheyMatterAndOnce(t *testing.T) {
	reads := 0
	failure := errors.New("disk on fire")
	row := func(err error) query.Row {
		reads = 0
		run := &tracker.Run{ID: "x", Status: tracker.Finished}
		return query.NewRow(run, []tracker.Series{{Key: "loss", Count: 1}}, now, func(string, tracker.Context) ([]tracker.Point, error) {
			reads++
			return []tracker.Point{{Step: 1, Value: 3}, {Step: 1, Value: 2}}, err
		})
	}
	if !match(t, `at("loss", 1) == 2 && first("loss") == 2 && !has(at("loss", 2))`, row(nil)) || reads != 1 {
		t.Errorf("%d reads", reads)
	}
	if match(t, `status == "failed" && at("loss", 1) == 2`, row(nil)) || !match(t, `true || at("loss", 1) == 2`, row(nil)) || match(t, `at("none", 1) == 2`, row(nil)) || reads != 0 {
		t.Errorf("%d reads where none matters", reads)
	}
	for _, text := range []string{`at("loss", 1) == 2`, `!(first("loss") > 2)`, `-first("loss") > 2`, `first("loss") + 1 > 2`, `isNaN(first("loss"))`, `has(at("loss", 1))`, `false || at("loss", 1) > 1`} {
		filter, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := filter.Match(row(failure)); ok && err == nil || !errors.Is(err, failure) {
			t.Errorf("%s: got %v, %v", text, ok, err)
		}
	}
}

func TestNamesThatNoRunHasAreTold(t *testing.T) {
	for text, want := range map[string][]string{
		`params.lr < 1 && tags.best == "yes" && min("eval/loss") < 3 || last("loss", "rank=0") > 1`: nil,
		`params.lrr < 1 || params.lrr > 2`:                     {"no run has params.lrr: did you mean params.lr?"},
		`min("eval/los") < 1 && params.unheard == 1`:           {`no run has "eval/los": did you mean "eval/loss"?`, "no run has params.unheard"},
		`params.model.size == "x" && !has(params.modell.size)`: {"no run has params[\"modell.size\"]"},
		`metrics["eval/los"] > 1`:                              {`no run has "eval/los": did you mean "eval/loss"?`},
		`metrics["eval/loss"] > 1`:                             nil,
	} {
		filter, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := filter.Unknown([]query.Row{bare(), tuned()}); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
