package tokenize

import (
	"encoding/json"
	"errors"
	"fmt"
)

// tokenizerJSON is a tokenizer.json file, less its truncation and padding, which are ignored.
type tokenizerJSON struct {
	AddedTokens   []addedToken    `json:"added_tokens"`
	Normalizer    json.RawMessage `json:"normalizer"`
	PreTokenizer  json.RawMessage `json:"pre_tokenizer"`
	PostProcessor json.RawMessage `json:"post_processor"`
	Decoder       json.RawMessage `json:"decoder"`
	Model         json.RawMessage `json:"model"`
}

// largestID is where an id is taken for an error: the vocabulary is held in a slice.
const largestID = 1 << 21

// parseJSON makes the tokenizer that a tokenizer.json describes.
func parseJSON(b []byte, c *config) (*Tokenizer, error) {
	var file tokenizerJSON
	if err := json.Unmarshal(b, &file); err != nil {
		return nil, err
	}
	var model struct{ Type string }
	if err := unmarshalPart("model", file.Model, &model); err != nil {
		return nil, err
	}
	var t *Tokenizer
	var err error
	switch model.Type {
	case "Unigram":
		t, err = parseUnigram(&file, c)
	case "WordPiece":
		t, err = parseWordPiece(&file, c)
	default:
		return nil, fmt.Errorf("model %q is not supported, only Unigram and WordPiece", model.Type)
	}
	if err != nil {
		return nil, err
	}
	added := make(map[int]addedToken, len(file.AddedTokens))
	for _, token := range file.AddedTokens {
		if token.ID < 0 || token.ID > largestID {
			return nil, fmt.Errorf("added token %q has the id %d", token.Content, token.ID)
		}
		if token.Normalized {
			return nil, fmt.Errorf("added token %q: normalized is not supported", token.Content)
		}
		added[token.ID] = token
	}
	if err := t.addTokens(added); err != nil {
		return nil, err
	}
	if t.before, t.after, err = parsePostProcessor(file.PostProcessor, t); err != nil {
		return nil, err
	}
	return t, nil
}

// unmarshalPart decodes a part of the file that must be there.
func unmarshalPart(name string, b json.RawMessage, v any) error {
	if len(b) == 0 || string(b) == "null" {
		return fmt.Errorf("no %s", name)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// parsePostProcessor returns the ids that stand before and after a text.
func parsePostProcessor(b json.RawMessage, t *Tokenizer) (before, after []int, err error) {
	if len(b) == 0 || string(b) == "null" {
		return nil, nil, nil
	}
	var p struct {
		Type   string
		Single []struct {
			Sequence     *struct{ ID string }
			SpecialToken *struct{ ID string }
		}
		SpecialTokens map[string]struct{ IDs []int } `json:"special_tokens"`
		Cls, Sep      json.RawMessage
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return nil, nil, fmt.Errorf("post_processor: %w", err)
	}
	switch p.Type {
	case "TemplateProcessing":
		texts := 0
		for _, part := range p.Single {
			switch {
			case part.Sequence != nil:
				texts++
			case part.SpecialToken != nil && texts == 0:
				before = append(before, p.SpecialTokens[part.SpecialToken.ID].IDs...)
			case part.SpecialToken != nil:
				after = append(after, p.SpecialTokens[part.SpecialToken.ID].IDs...)
			}
		}
		if texts != 1 {
			return nil, nil, fmt.Errorf("post_processor: a template with %d texts", texts)
		}
	case "BertProcessing":
		if before, err = parseTokenID(p.Cls); err == nil {
			after, err = parseTokenID(p.Sep)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("post_processor: %w", err)
		}
	default:
		return nil, nil, fmt.Errorf("post_processor %q is not supported, only TemplateProcessing and BertProcessing", p.Type)
	}
	for _, id := range append(append([]int{}, before...), after...) {
		if t.token(id) == "" {
			return nil, nil, fmt.Errorf("post_processor: id %d is not in the vocabulary", id)
		}
	}
	return before, after, nil
}

// parseTokenID reads a pair like ["[SEP]", 102].
func parseTokenID(b json.RawMessage) ([]int, error) {
	var text string
	id := -1
	if err := json.Unmarshal(b, &[2]any{&text, &id}); err != nil {
		return nil, err
	}
	if id < 0 {
		return nil, errors.New("a token without an id")
	}
	return []int{id}, nil
}
