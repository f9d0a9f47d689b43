package runs_test

import (
	"errors"
	"math"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func TestTheBestRunHasTheSmallestValue(t *testing.T) {
	named := func(name string, value float64) runs.Summary {
		return runs.Summary{Run: &tracker.Run{Name: name}, Series: []tracker.Series{{Key: "eval/loss", Min: value, Max: value}}}
	}
	all := []runs.Summary{{Run: &tracker.Run{Name: "none"}}, named("diverged", math.NaN()), named("good", 2), named("best", 1), named("as good", 1)}
	if best, err := runs.Best(all, "eval/loss"); err != nil || best.Run.Name != "best" {
		t.Errorf("%+v, %v", best.Run, err)
	}
	if _, err := runs.Best(all[:2], "eval/loss"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if best, err := runs.Highest(all, "eval/loss"); err != nil || best.Run.Name != "good" {
		t.Errorf("%+v, %v", best.Run, err)
	}
}
