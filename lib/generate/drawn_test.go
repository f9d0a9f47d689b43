package generate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"paperlab/peers"
)

// TestTextsAreDrawnAsOftenAsByTheLivePeer draws many texts of one input by either side, whose generators differ, and holds the counts
// against each other: a chi-squared test of equal distributions.
func TestTextsAreDrawnAsOftenAsByTheLivePeer(t *testing.T) {
	const draws = 2000
	inputs := slices.Repeat([][]int{{5, 9, 1}}, draws)
	settings := []json.RawMessage{
		json.RawMessage(`{"num_beams":3,"max_length":4,"temperature":0.8,"top_k":10}`),
		json.RawMessage(`{"num_beams":2,"num_return_sequences":2,"max_length":3,"min_length":3,"temperature":1.5,"top_k":0,"top_p":0.6,"repetition_penalty":1.3,"early_stopping":true}`),
		json.RawMessage(`{"num_beams":1,"max_length":4,"min_length":3,"temperature":1.5,"top_k":6,"top_p":0.8,"repetition_penalty":1.3,"no_repeat_ngram_size":1}`),
	}
	question, err := json.Marshal(map[string]any{"prompts": inputs, "settings": settings})
	if err != nil {
		t.Fatal(err)
	}
	peer := peers.Command(t, peers.Study, "testdata/make_golden.py", "drawn", "../t5/testdata/tied", "5")
	peer.Stdin = bytes.NewReader(question)
	var theirs [][][]int
	if err := json.Unmarshal([]byte(peers.Output(t, peer)), &theirs); err != nil {
		t.Fatal(err)
	}
	for i, setting := range settings {
		t.Run(string(setting), func(t *testing.T) {
			config := golden{Settings: setting}.config(t)
			config.DoSample, config.Seed = true, 5
			equallyOften(t, texts(t, config, inputs...), theirs[i])
		})
	}
}

// equallyOften fails the test where two sets of as many texts are not drawn from one distribution.
func equallyOften(t *testing.T, ours, theirs [][]int) {
	t.Helper()
	if len(ours) != len(theirs) {
		t.Fatalf("%d texts, the peer's %d", len(ours), len(theirs))
	}
	counts := map[string]*[2]float64{}
	for side, texts := range [][][]int{ours, theirs} {
		for _, ids := range texts {
			text := fmt.Sprint(ids)
			if counts[text] == nil {
				counts[text] = new([2]float64)
			}
			counts[text][side]++
		}
	}
	const fewest = 20 // of a text, so that its count is normally distributed
	var chi, cells float64
	for _, n := range counts {
		if sum := n[0] + n[1]; sum >= fewest {
			chi += (n[0] - n[1]) * (n[0] - n[1]) / sum
			cells++
		}
	}
	if most := cells + 4*math.Sqrt(2*cells); cells < 10 || chi > most {
		t.Errorf("chi-squared is %.1f over %v texts, %.1f is the most to be expected", chi, cells, most)
	}
}
