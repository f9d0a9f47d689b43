package generate_test

import (
	"encoding/json"
	"testing"

	"paperlab/lib/generate"
)

func TestStoppingIsReadAsTransformersWritesIt(t *testing.T) {
	for text, want := range map[string]generate.Stopping{"true": generate.AtOnce, "false": generate.WhenUnlikely, `"never"`: generate.WhenImpossible} {
		var got generate.Stopping
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
		if again, err := json.Marshal(got); err != nil || string(again) != text {
			t.Errorf("%s was written as %s, %v", text, again, err)
		}
	}
	for _, text := range []string{`"sometimes"`, `1`, `""`, `null`} {
		var got generate.Stopping
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s was read as %v", text, got)
		}
	}
}
