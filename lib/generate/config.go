package generate

import (
	"errors"
	"fmt"
	"math"
)

// Config holds the settings of generation by the names of transformers' GenerationConfig. Lengths are numbers of ids, the
// start token included but where a name says new. The zero values of all but MaxLength (or MaxNewTokens), NumBeams and
// RepetitionPenalty are off.
type Config struct {
	MaxLength    int `json:"max_length"`     // no text is longer
	MaxNewTokens int `json:"max_new_tokens"` // in place of MaxLength, without the start token; 0: MaxLength holds
	MinLength    int `json:"min_length"`     // none ends before
	MinNewTokens int `json:"min_new_tokens"` // in place of MinLength, without the start token; 0: MinLength holds

	NumBeams           int      `json:"num_beams"`            // hypotheses followed at a time; 1 follows one
	NumReturnSequences int      `json:"num_return_sequences"` // texts for each input, the best of the beams or so many samples; 0: 1
	LengthPenalty      float64  `json:"length_penalty"`       // power of the length by which a hypothesis' score is divided
	EarlyStopping      Stopping `json:"early_stopping"`       // when beams are given up

	RepetitionPenalty float64 `json:"repetition_penalty"`   // above 1, ids already written become less likely (Keskar et al. 2019)
	NoRepeatNgramSize int     `json:"no_repeat_ngram_size"` // so many ids in a row come only once; 0 allows all

	DoSample    bool    `json:"do_sample"`   // ids are drawn by their probabilities instead of the likeliest taken
	Temperature float64 `json:"temperature"` // divides the scores before they are drawn from; 0: 1
	TopK        int     `json:"top_k"`       // of the likeliest so many; 0: of all
	TopP        float64 `json:"top_p"`       // of the fewest that together have this probability (Holtzman et al. 2019); 0: 1, all
	Seed        int64   `json:"seed"`        // of what is drawn
}

// Default returns transformers' defaults: greedy, 20 ids at most.
func Default() Config {
	return Config{MaxLength: 20, NumBeams: 1, RepetitionPenalty: 1, LengthPenalty: 1, Temperature: 1, TopK: 50, TopP: 1}
}

// Study returns the settings with which the study summarises: 5 beams, 100 to 256 ids, repetition penalty 2.
func Study() Config {
	c := Default()
	c.MaxLength, c.MinLength, c.NumBeams, c.RepetitionPenalty, c.EarlyStopping = 256, 100, 5, 2, AtOnce
	return c
}

// Validate returns an error that names the first setting that cannot be met.
func (c Config) Validate() error {
	if c.MaxNewTokens < 0 || c.MinNewTokens < 0 {
		return fmt.Errorf("generate: max_new_tokens is %d and min_new_tokens is %d: neither may be negative", c.MaxNewTokens, c.MinNewTokens)
	}
	c = c.withDefaults()
	switch {
	case c.MaxLength < 2:
		return fmt.Errorf("generate: max_length is %d: the start token and one more are the least", c.MaxLength)
	case c.MinLength < 0 || c.MinLength > c.MaxLength:
		return fmt.Errorf("generate: min_length is %d, not from 0 to max_length %d", c.MinLength, c.MaxLength)
	case c.NumBeams < 1:
		return fmt.Errorf("generate: num_beams is %d: at least one is needed", c.NumBeams)
	case !(c.RepetitionPenalty > 0) || math.IsInf(c.RepetitionPenalty, 0):
		return fmt.Errorf("generate: repetition_penalty is %g, not above 0 (1 is none)", c.RepetitionPenalty)
	case c.NoRepeatNgramSize < 0:
		return fmt.Errorf("generate: no_repeat_ngram_size is %d, not 0 (none) or more", c.NoRepeatNgramSize)
	case c.LengthPenalty != c.LengthPenalty:
		return errors.New("generate: length_penalty is not a number")
	}
	return errors.Join(c.EarlyStopping.validate(), c.validateReturns(), c.validateSampling())
}

func (c Config) validateReturns() error {
	switch n := c.NumReturnSequences; {
	case n < 1:
		return fmt.Errorf("generate: num_return_sequences is %d: at least one is returned", n)
	case n > 1 && !c.DoSample && c.NumBeams == 1:
		return fmt.Errorf("generate: num_return_sequences is %d, but one beam without sampling finds one text (see num_beams, do_sample)", n)
	case n > c.NumBeams && c.NumBeams > 1:
		return fmt.Errorf("generate: num_return_sequences is %d of %d beams (see num_beams)", n, c.NumBeams)
	}
	return nil
}

func (c Config) validateSampling() error {
	switch {
	case !c.DoSample:
		return nil
	case !(c.Temperature > 0) || math.IsInf(c.Temperature, 0):
		return fmt.Errorf("generate: temperature is %g, not above 0 (for 0, do not sample)", c.Temperature)
	case c.TopK < 0:
		return fmt.Errorf("generate: top_k is %d, not 0 (all) or more", c.TopK)
	case !(c.TopP >= 0 && c.TopP <= 1):
		return fmt.Errorf("generate: top_p is %g, not from 0 to 1 (all)", c.TopP)
	}
	return nil
}

// withDefaults fills in what a zero stands for, and counts lengths with the start token.
func (c Config) withDefaults() Config {
	const start = 1
	if c.MaxNewTokens > 0 {
		c.MaxLength = c.MaxNewTokens + start
	}
	if c.MinNewTokens > 0 {
		c.MinLength = c.MinNewTokens + start
	}
	if c.NumReturnSequences == 0 {
		c.NumReturnSequences = 1
	}
	if c.Temperature == 0 {
		c.Temperature = 1
	}
	if c.TopP == 0 {
		c.TopP = 1
	}
	return c
}

// width is how many hypotheses of a text are followed side by side.
func (c Config) width() int { return max(c.NumBeams, c.NumReturnSequences) }
