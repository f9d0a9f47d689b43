package tracker_test

import (
	"encoding/json"
	"math"
	"testing"

	"paperlab/tracker"
)

func TestNumbersComeBackFromTheirJSON(t *testing.T) {
	for text, v := range map[string]float64{
		`"NaN"`: math.NaN(), `"Infinity"`: math.Inf(1), `"-Infinity"`: math.Inf(-1), "0.5": 0.5, "-3": -3, "5e-324": math.SmallestNonzeroFloat64,
	} {
		written, err := json.Marshal(tracker.Number(v))
		if err != nil || string(written) != text {
			t.Errorf("%v is written as %s, %v", v, written, err)
		}
		var read tracker.Number
		if err := json.Unmarshal(written, &read); err != nil || float64(read) != v && !(math.IsNaN(float64(read)) && math.IsNaN(v)) {
			t.Errorf("%s is read as %v, %v", written, read, err)
		}
	}
	for _, bad := range []string{`"x"`, "{}", "true"} {
		var read tracker.Number
		if err := json.Unmarshal([]byte(bad), &read); err == nil {
			t.Errorf("%s is read as %v", bad, read)
		}
	}
}
