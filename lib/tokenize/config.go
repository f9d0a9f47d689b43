package tokenize

import (
	"encoding/json"
	"fmt"
	"strings"
)

// config is what the files beside the vocabulary say.
type config struct {
	TokenizerClass    string                `json:"tokenizer_class"`
	CleanUp           *bool                 `json:"clean_up_tokenization_spaces"`
	ModelMaxLength    float64               `json:"model_max_length"` // 1e30 and the like: none
	ExtraIDs          *int                  `json:"extra_ids"`
	Legacy            *bool                 `json:"legacy"`
	AddedTokens       map[string]addedToken `json:"added_tokens_decoder"` // by id
	AdditionalSpecial []content             `json:"additional_special_tokens"`
	TruncationSide    string                `json:"truncation_side"`
	LowerCase         *bool                 `json:"do_lower_case"`
	StripAccents      *bool                 `json:"strip_accents"`
	ChineseChars      *bool                 `json:"tokenize_chinese_chars"`
	specialTokens

	sentenceLength int // max_seq_length of sentence_bert_config.json
}

// specialTokens names the tokens with a role; special_tokens_map.json holds them too.
type specialTokens struct {
	End     content `json:"eos_token"`
	Unknown content `json:"unk_token"`
	Pad     content `json:"pad_token"`
	Class   content `json:"cls_token"`
	Sep     content `json:"sep_token"`
	Mask    content `json:"mask_token"`
}

// content is a token that a file writes as a string, as an object with its content, or as null.
type content string

// UnmarshalJSON reads either form.
func (c *content) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*c = content(s)
		return nil
	}
	var object struct{ Content string }
	if err := json.Unmarshal(b, &object); err != nil {
		return fmt.Errorf("a special token is neither a string nor an object: %w", err)
	}
	*c = content(object.Content)
	return nil
}

// or returns the token's text, or the default where no file names it.
func (c content) or(text string) string {
	if c == "" {
		return text
	}
	return string(c)
}

// longestLength is the length past which model_max_length stands for no limit: transformers writes 1e30 then.
const longestLength = 1 << 30

func parseConfig(files map[string][]byte) (*config, error) {
	c := &config{}
	// The configuration is read after the map of special tokens, and so wins over it.
	for _, name := range []string{fileSpecials, fileConfig} {
		if b := files[name]; b != nil {
			if err := json.Unmarshal(b, c); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if b := files[fileSentenceBERT]; b != nil {
		var s struct {
			Length int `json:"max_seq_length"`
		}
		if err := json.Unmarshal(b, &s); err != nil {
			return nil, fmt.Errorf("%s: %w", fileSentenceBERT, err)
		}
		c.sentenceLength = s.Length
	}
	if c.TruncationSide != "" && c.TruncationSide != "right" {
		return nil, fmt.Errorf("%s: truncation_side %q is not supported, only right", fileConfig, c.TruncationSide)
	}
	return c, nil
}

// maxLength is the length that the files state, 0 for none.
func (c *config) maxLength() int {
	switch {
	case c.sentenceLength > 0:
		return c.sentenceLength
	case c.ModelMaxLength > 0 && c.ModelMaxLength < longestLength:
		return int(c.ModelMaxLength)
	}
	return 0
}

// requireClass refuses files that say they belong to a tokenizer of another name; "Fast" at its end is no difference.
func (c *config) requireClass(name string) error {
	if class := strings.TrimSuffix(c.TokenizerClass, "Fast"); class != "" && class != name {
		return fmt.Errorf("%s says tokenizer_class %q, only %s is supported", fileConfig, class, name)
	}
	return nil
}
