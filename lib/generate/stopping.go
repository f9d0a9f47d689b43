package generate

import (
	"encoding/json"
	"fmt"
)

// Stopping says when the beams of a text that has NumBeams finished ones are given up; by transformers' early_stopping.
type Stopping string

const (
	// WhenUnlikely gives them up when the likeliest is no better at its present length than the worst finished one. It is
	// early_stopping=False, the default.
	WhenUnlikely Stopping = ""
	// AtOnce gives them up. It is early_stopping=True.
	AtOnce Stopping = "true"
	// WhenImpossible gives them up when the likeliest, if it got no worse up to MaxLength, would not be better. It is
	// early_stopping="never".
	WhenImpossible Stopping = "never"
)

// ParseStopping reads "true", "false" or "never".
func ParseStopping(text string) (Stopping, error) {
	if text == "false" {
		return WhenUnlikely, nil
	}
	s := Stopping(text)
	if text == "" {
		return s, fmt.Errorf("early_stopping is nothing, where true, false or never is meant")
	}
	return s, s.validate()
}

// String writes what ParseStopping reads.
func (s Stopping) String() string {
	if s == WhenUnlikely {
		return "false"
	}
	return string(s)
}

func (s Stopping) validate() error {
	switch s {
	case WhenUnlikely, AtOnce, WhenImpossible:
		return nil
	}
	return fmt.Errorf("generate: early_stopping is %q, not true, false or never", string(s))
}

// MarshalJSON writes true, false or "never", as transformers does.
func (s Stopping) MarshalJSON() ([]byte, error) {
	if s == WhenImpossible {
		return json.Marshal(string(s))
	}
	return json.Marshal(s == AtOnce)
}

// UnmarshalJSON reads true, false or "never".
func (s *Stopping) UnmarshalJSON(data []byte) error {
	var word string
	if json.Unmarshal(data, &word) != nil {
		word = string(data)
	}
	read, err := ParseStopping(word)
	if err != nil {
		return err
	}
	*s = read
	return nil
}
