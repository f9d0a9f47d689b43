package tracker_test

import (
	"fmt"

	"paperlab/tracker"
)

// A training stopped after step 4 and was resumed from the checkpoint of step 2: its second session replaces steps 3
// and 4. Step 1 was logged twice.
func ExampleCurve() {
	points := []tracker.Point{
		{Session: 1, Step: 1, Value: 9.5}, {Session: 1, Step: 1, Value: 9}, {Session: 1, Step: 2, Value: 8},
		{Session: 1, Step: 3, Value: 7}, {Session: 1, Step: 4, Value: 6},
		{Session: 2, Step: 3, Value: 7.5}, {Session: 2, Step: 4, Value: 6.5}, {Session: 2, Step: 5, Value: 5.5},
	}
	for _, p := range tracker.Curve(points) {
		fmt.Println(p.Step, p.Value)
	}
	// Output:
	// 1 9
	// 2 8
	// 3 7.5
	// 4 6.5
	// 5 5.5
}
