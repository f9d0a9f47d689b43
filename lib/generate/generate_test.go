package generate_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/generate"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

func TestSettingsThatCannotBeMetAreRefusedByName(t *testing.T) {
	m := load(t, "gated")
	for says, spoil := range map[string]func(*generate.Config){
		"max_length":                func(c *generate.Config) { c.MaxLength = 1 },
		"max_new_tokens":            func(c *generate.Config) { c.MaxNewTokens = -1 },
		"min_length is 258":         func(c *generate.Config) { c.MinLength = 258 },
		"min_length is 300":         func(c *generate.Config) { c.MinNewTokens = 299 },
		"num_beams":                 func(c *generate.Config) { c.NumBeams = 0 },
		"6 of 5 beams":              func(c *generate.Config) { c.NumReturnSequences = 6 },
		"one beam without sampling": func(c *generate.Config) { c.NumReturnSequences, c.NumBeams = 2, 1 },
		"num_return_sequences":      func(c *generate.Config) { c.NumReturnSequences = -1 },
		"repetition_penalty":        func(c *generate.Config) { c.RepetitionPenalty = 0 },
		"no_repeat_ngram_size":      func(c *generate.Config) { c.NoRepeatNgramSize = -1 },
		"length_penalty":            func(c *generate.Config) { c.LengthPenalty = math.NaN() },
		"early_stopping":            func(c *generate.Config) { c.EarlyStopping = "sometimes" },
		"temperature":               func(c *generate.Config) { c.DoSample, c.Temperature = true, -1 },
		"top_k":                     func(c *generate.Config) { c.DoSample, c.TopK = true, -1 },
		"top_p":                     func(c *generate.Config) { c.DoSample, c.TopP = true, 1.5 },
	} {
		cfg := generate.Study()
		spoil(&cfg)
		if _, err := generate.Generate(t.Context(), m, [][]int{{5, 1}}, cfg); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v", says, err)
		}
	}
}

func TestInputsThatAreNoTextAreRefusedByNumber(t *testing.T) {
	m := load(t, "gated")
	for want, inputs := range map[string][][]int{
		"text 1 has no ids": {{5, 1}, {}}, "text 0: id 64": {{5, 64, 1}}, "text 2: id -1": {{1}, {1}, {-1}},
	} {
		if _, err := generate.Generate(t.Context(), m, inputs, generate.Default()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v says nothing of %q", err, want)
		}
	}
}

func TestNoInputsGiveNoTexts(t *testing.T) {
	if out, err := generate.Generate(t.Context(), load(t, "gated"), nil, generate.Study()); len(out) != 0 || err != nil {
		t.Errorf("%v, %v", out, err)
	}
}

// countdown is a context that is cancelled after having been asked so many times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestACancelledContextStopsBetweenTwoTokens(t *testing.T) {
	m := load(t, "tied")
	for _, beams := range []int{1, 3} {
		cfg := generate.Config{MaxLength: 1000, MinLength: 1000, NumBeams: beams, RepetitionPenalty: 1}
		ctx := &countdown{Context: t.Context(), left: 7}
		out, err := generate.Generate(ctx, m, [][]int{{5, 1}}, cfg)
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "after 8 of") || out != nil {
			t.Errorf("%d beams: %v, %v", beams, out, err)
		}
	}
}

func TestScoresThatAreNotNumbersAreAnError(t *testing.T) {
	m := load(t, "gated")
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	all, _ := m.Parameters().Flat()
	if err := tensor.NoGrad(func() error { s.Scale(all, math.NaN()); return s.Err() }); err != nil {
		t.Fatal(err)
	}
	for _, beams := range []int{1, 4} {
		cfg := generate.Default()
		cfg.NumBeams = beams
		if out, err := generate.Generate(t.Context(), m, [][]int{{5, 1}}, cfg); err == nil || !strings.Contains(err.Error(), "NaN") {
			t.Errorf("%d beams: %v, %v", beams, out, err)
		}
	}
}

func TestSeveralGoroutinesGenerateWithOneModel(t *testing.T) {
	m, g := load(t, "gated"), goldens(t)[14]
	found, errs := make([][]generate.Sequence, 4), make([]error, 4)
	var all sync.WaitGroup
	for i := range found {
		all.Go(func() { found[i], errs[i] = generate.Generate(context.Background(), m, g.Prompts, g.config(t)) })
	}
	all.Wait()
	for i := range found {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		for prompt, want := range g.IDs {
			if !slices.Equal(found[i][prompt].IDs, want) {
				t.Errorf("goroutine %d, prompt %d: %v, want %v", i, prompt, found[i][prompt].IDs, want)
			}
		}
	}
}

func TestMoreMemoryThanThereIsIsAnError(t *testing.T) {
	cfg := generate.Study()
	cfg.MaxLength = 1 << 40
	if _, err := generate.Generate(t.Context(), load(t, "gated"), [][]int{{5, 1}}, cfg); !errors.Is(err, tensor.ErrNoMemory) {
		t.Errorf("error %v", err)
	}
}

func TestGenerationRunsInMixedPrecision(t *testing.T) {
	m := load(t, "gated")
	err := tensor.Autocast(tensor.CPU, tensor.BFloat16, func() error {
		out, err := generate.Generate(t.Context(), m, [][]int{{5, 9, 1}, {7, 1}}, generate.Study())
		if err == nil && len(out[1].IDs) < generate.Study().MinLength {
			t.Errorf("wrote %v", out[1].IDs)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkStudy writes as the study does, on flan-t5-small with random weights: 1,024 ids in, 5 beams.
func BenchmarkStudy(b *testing.B) {
	c, err := t5.Named("flan-t5-small")
	if err != nil {
		b.Fatal(err)
	}
	m, err := t5.New(c, tensor.CPU, 1)
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	input := make([]int, 1024)
	for i := range input {
		input[i] = 3 + i*31%30000
	}
	cfg := generate.Study()
	cfg.MinLength = cfg.MaxLength
	tokens := 0
	for b.Loop() {
		out, err := generate.Generate(b.Context(), m, [][]int{input}, cfg)
		if err != nil {
			b.Fatal(err)
		}
		tokens += len(out[0].IDs) - 1
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(tokens), "ms/token")
}
