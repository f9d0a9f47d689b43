package generate

import "fmt"

// Config holds the settings of generation by the names of transformers' GenerationConfig. Lengths are numbers of ids, the
// start token included.
type Config struct {
	MaxLength         int     `json:"max_length"`           // no text is longer
	MinLength         int     `json:"min_length"`           // none ends before
	NumBeams          int     `json:"num_beams"`            // hypotheses followed at a time; 1 is greedy
	RepetitionPenalty float64 `json:"repetition_penalty"`   // above 1, ids already written become less likely (Keskar et al. 2019)
	NoRepeatNgramSize int     `json:"no_repeat_ngram_size"` // so many ids in a row come only once; 0 allows all
	LengthPenalty     float64 `json:"length_penalty"`       // power of the length by which a hypothesis' score is divided
	EarlyStopping     bool    `json:"early_stopping"`       // beams stop at the first NumBeams finished ones; else when no better are likely
}

// Default returns transformers' defaults: greedy, 20 ids at most.
func Default() Config {
	return Config{MaxLength: 20, NumBeams: 1, RepetitionPenalty: 1, LengthPenalty: 1}
}

// Study returns the settings with which the study summarises: 5 beams, 100 to 256 ids, repetition penalty 2.
func Study() Config {
	return Config{MaxLength: 256, MinLength: 100, NumBeams: 5, RepetitionPenalty: 2, LengthPenalty: 1, EarlyStopping: true}
}

// Validate returns an error that names the first setting that cannot be met.
func (c Config) Validate() error {
	switch {
	case c.MaxLength < 2:
		return fmt.Errorf("generate: max_length is %d: the start token and one more are the least", c.MaxLength)
	case c.MinLength < 0 || c.MinLength > c.MaxLength:
		return fmt.Errorf("generate: min_length is %d, not from 0 to max_length %d", c.MinLength, c.MaxLength)
	case c.NumBeams < 1:
		return fmt.Errorf("generate: num_beams is %d: at least one is needed", c.NumBeams)
	case !(c.RepetitionPenalty > 0):
		return fmt.Errorf("generate: repetition_penalty is %g, not above 0 (1 is none)", c.RepetitionPenalty)
	case c.NoRepeatNgramSize < 0:
		return fmt.Errorf("generate: no_repeat_ngram_size is %d, not 0 (none) or more", c.NoRepeatNgramSize)
	case c.LengthPenalty != c.LengthPenalty:
		return fmt.Errorf("generate: length_penalty is not a number")
	}
	return nil
}
