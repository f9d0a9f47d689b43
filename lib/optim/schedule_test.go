package optim_test

import (
	"fmt"
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
	}
	for name, c := range cases {
		if got := c.schedule(c.step); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
