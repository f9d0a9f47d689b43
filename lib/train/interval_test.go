package train_test

import (
	"encoding/json"
	"testing"

	"paperlab/lib/train"
)

func TestAnIntervalIsReadAsItIsWritten(t *testing.T) {
	for text, want := range map[string]train.Interval{"epoch": train.Epoch, "no": train.Never, "50": 50, "0.1": 0.1, "1": 1} {
		got, err := train.ParseInterval(text)
		if err != nil || got != want || got.String() != text || got.Ever() == (want == train.Never) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
		data, err := json.Marshal(got)
		var again train.Interval
		if err != nil || json.Unmarshal(data, &again) != nil || again != want {
			t.Errorf("%s: %s, read as %v, %v", text, data, again, err)
		}
	}
	for _, text := range []string{"", "2.5", "-1", "-0.5", "NaN", "Inf", "1e300", "steps"} {
		if got, err := train.ParseInterval(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}
