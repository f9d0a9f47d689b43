package sentence

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// prompts are what a model wants before its texts, such as "query: ", by the names of config_sentence_transformers.json.
type prompts struct {
	byName   map[string]string
	fallback string // the name of the one that is used where none is asked for; empty: none is
}

func readPrompts(settings map[string]json.RawMessage) (p prompts, err error) {
	for name, into := range map[string]any{"prompts": &p.byName, "default_prompt_name": &p.fallback} {
		if text := settings[name]; text != nil {
			if err := json.Unmarshal(text, into); err != nil {
				return p, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if _, err := p.named(p.fallback); p.fallback != "" && err != nil {
		return p, fmt.Errorf("default_prompt_name: %w", err)
	}
	return p, nil
}

func (p prompts) standard() string { return p.byName[p.fallback] }

func (p prompts) named(name string) (string, error) {
	prompt, ok := p.byName[name]
	if !ok && len(p.byName) == 0 {
		return "", fmt.Errorf("no prompt is named %q: the model has none", name)
	}
	if !ok {
		return "", fmt.Errorf("no prompt is named %q (there are %s)", name, strings.Join(slices.Sorted(maps.Keys(p.byName)), ", "))
	}
	return prompt, nil
}

// Prompt returns the model's prompt of a name, such as "query" or "passage", for [Options]; no such prompt is an error, which tells the
// names that there are. Reference: SentenceTransformer.encode's prompt_name.
func (m *Model) Prompt(name string) (string, error) {
	prompt, err := m.layout.prompts.named(name)
	if err != nil {
		return "", fmt.Errorf("sentence: %w", err)
	}
	return prompt, nil
}
