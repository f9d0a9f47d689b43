package optim_test

import (
	"fmt"
	"strings"
	"testing"

	"paperlab/lib/optim"
)

func ExampleLinear() {
	schedule := optim.Linear(2, 6)
	for step := range 7 {
		fmt.Print(schedule(step), " ")
	}
	fmt.Println()
	// Output: 0 0.5 1 0.75 0.5 0.25 0
}

func TestLinearStaysWithinItsBoundsAtTheEdges(t *testing.T) {
	cases := map[string]struct {
		schedule optim.Schedule
		step     int
		want     float64
	}{
		"no warm-up starts at one":       {optim.Linear(0, 4), 0, 1},
		"past the end stays zero":        {optim.Linear(0, 4), 9, 0},
		"all warm-up never falls":        {optim.Linear(4, 4), 3, 0.75},
		"warm-up past the end is cut":    {optim.Linear(10, 4), 3, 0.3},
		"no steps at all":                {optim.Linear(0, 0), 0, 0},
		"constant is one, late as early": {optim.Constant(), 1 << 20, 1},
		"constant after its warm-up":     {optim.ConstantWithWarmup(4), 4, 1},
		"constant within its warm-up":    {optim.ConstantWithWarmup(4), 1, 0.25},
		"half a cosine is at a half":     {optim.Cosine(2, 6), 4, 0.5},
		"a cosine ends at zero":          {optim.Cosine(2, 6), 6, 0},
		"a cosine of no steps":           {optim.Cosine(0, 0), 0, 1},
	}
	for name, c := range cases {
		if got := c.schedule(c.step); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAScheduleIsFoundByItsName(t *testing.T) {
	for name, want := range map[string]float64{"linear": 0.5, "cosine": 0.5, "constant": 1, "constant_with_warmup": 1} {
		schedule, err := optim.Named(name, 2, 6)
		if err != nil || schedule(4) != want {
			t.Errorf("%s: %v at step 4, %v; want %v", name, schedule(4), err, want)
		}
	}
	if _, err := optim.Named("cosin", 0, 1); err == nil || !strings.Contains(err.Error(), "constant_with_warmup, cosine, linear") {
		t.Errorf("an unknown schedule: %v", err)
	}
}
