package generate

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

func TestWhatMayBeDrawnHasThePeersProbabilities(t *testing.T) {
	data, err := os.ReadFile("testdata/warped.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Settings      Config
		Scores        []float32
		Probabilities []float64
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("temperature %v, top_k %d, top_p %v, %d beams", c.Settings.Temperature, c.Settings.TopK, c.Settings.TopP, c.Settings.NumBeams), func(t *testing.T) {
			newWarper(c.Settings).apply(c.Scores)
			for i, got := range softmax(c.Scores) {
				if want := c.Probabilities[i]; math.Abs(got-want) > 1e-6 {
					t.Errorf("id %d has probability %v, the peer's %v", i, got, want)
				}
			}
		})
	}
}
