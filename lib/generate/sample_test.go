package generate_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"paperlab/lib/generate"
	"paperlab/lib/tensor"
)

// drawing is a configuration that draws ids.
func drawing(beams, returns int, seed int64) generate.Config {
	cfg := generate.Default()
	cfg.DoSample, cfg.NumBeams, cfg.NumReturnSequences, cfg.Seed, cfg.MaxLength = true, beams, returns, seed, 12
	return cfg
}

func texts(t *testing.T, cfg generate.Config, inputs ...[]int) (all [][]int) {
	t.Helper()
	out, err := generate.Generate(t.Context(), load(t, "tied"), inputs, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range out {
		all = append(all, text.IDs)
	}
	return all
}

func TestTheSeedDecidesWhatIsDrawn(t *testing.T) {
	same := func(a, b [][]int) bool { return slices.EqualFunc(a, b, slices.Equal[[]int]) }
	for _, beams := range []int{1, 3} {
		first := texts(t, drawing(beams, beams, 1), []int{5, 9, 1}, []int{7, 1})
		if len(first) != 2*beams || !same(first, texts(t, drawing(beams, beams, 1), []int{5, 9, 1}, []int{7, 1})) {
			t.Errorf("%d beams: one seed gave %v, then others", beams, first)
		}
		if same(first, texts(t, drawing(beams, beams, 2), []int{5, 9, 1}, []int{7, 1})) {
			t.Errorf("%d beams: two seeds gave %v", beams, first)
		}
	}
}

// TestIDsAreDrawnByTheirProbabilities holds the first ids of many samples against the model's own probabilities.
func TestIDsAreDrawnByTheirProbabilities(t *testing.T) {
	const n = 4000
	cfg := drawing(1, n, 3)
	cfg.TopK, cfg.MaxLength = 0, 2
	counts := map[int]float64{}
	for _, ids := range texts(t, cfg, []int{5, 9, 1}) {
		counts[ids[1]]++
	}
	for id, p := range firstProbabilities(t) {
		// Five standard deviations of a binomial count.
		if got := counts[id]; math.Abs(got-n*p) > 5*math.Sqrt(n*p*(1-p))+1 {
			t.Errorf("id %d was drawn %v times of %d, its probability is %.4f", id, got, n, p)
		}
	}
}

// firstProbabilities are those of the first id after the input 5 9 1, by the model alone.
func firstProbabilities(t *testing.T) []float64 {
	t.Helper()
	m := load(t, "tied")
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	var values []float32
	err := tensor.NoGrad(func() (err error) {
		ids, mask := s.FromInt64s([]int64{5, 9, 1}, 1, 3), s.FromInt64s([]int64{1, 1, 1}, 1, 3)
		decoder := m.NewDecoder(s, m.Encode(s, ids, mask), mask, 1, 1)
		scores := s.Softmax(decoder.Step(s, []int64{m.Config().DecoderStartTokenID}, []int64{0}), -1)
		if s.Err() != nil {
			return s.Err()
		}
		values, err = scores.Float32s()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	probabilities := make([]float64, len(values))
	for i, v := range values {
		probabilities[i] = float64(v)
	}
	return probabilities
}

func TestDrawingFromOneIDIsGreedy(t *testing.T) {
	cfg := drawing(1, 1, 9)
	cfg.TopK = 1
	greedy := generate.Default()
	greedy.MaxLength = cfg.MaxLength
	if got, want := texts(t, cfg, []int{5, 9, 1}), texts(t, greedy, []int{5, 9, 1}); !slices.Equal(got[0], want[0]) {
		t.Errorf("drew %v from the likeliest ids alone, greedily %v", got[0], want[0])
	}
}

func TestStreamingTellsEachIDAsItComes(t *testing.T) {
	m := load(t, "tied")
	for name, cfg := range map[string]generate.Config{"greedy": generate.Default(), "drawn": drawing(1, 1, 4)} {
		var told []int
		text, err := generate.Stream(t.Context(), m, []int{5, 9, 1}, cfg, func(id int) error { told = append(told, id); return nil })
		if err != nil || !slices.Equal(told, text.IDs[1:]) {
			t.Errorf("%s: told %v of %v, %v", name, told, text.IDs, err)
		}
		whole, err := generate.Generate(context.Background(), m, [][]int{{5, 9, 1}}, cfg)
		if err != nil || !slices.Equal(whole[0].IDs, text.IDs) {
			t.Errorf("%s: %v, %v; streamed %v", name, whole, err, text.IDs)
		}
	}
	enough := errors.New("enough")
	if _, err := generate.Stream(t.Context(), m, []int{5, 9, 1}, generate.Default(), func(int) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("a listener's error: %v", err)
	}
	if _, err := generate.Stream(t.Context(), m, []int{5, 9, 1}, generate.Study(), func(int) error { return nil }); err == nil {
		t.Error("beams were streamed")
	}
}
