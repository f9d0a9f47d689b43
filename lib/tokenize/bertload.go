package tokenize

import (
	"errors"
	"fmt"
	"strings"

	"paperlab/lib/tokenize/wordpiece"
)

// parseWordPiece makes the tokenizer of a tokenizer.json with a WordPiece model.
func parseWordPiece(file *tokenizerJSON, c *config) (*Tokenizer, error) {
	var m struct {
		Unknown  string         `json:"unk_token"`
		Prefix   string         `json:"continuing_subword_prefix"`
		MaxChars int            `json:"max_input_chars_per_word"`
		Vocab    map[string]int `json:"vocab"`
	}
	m.Prefix, m.MaxChars = defaultPrefix, defaultMaxChars
	if err := unmarshalPart("model", file.Model, &m); err != nil {
		return nil, err
	}
	vocabulary, err := listTokens(m.Vocab)
	if err != nil {
		return nil, err
	}
	splitter, err := parseBERTNormalizer(file, c)
	if err != nil {
		return nil, err
	}
	var pre struct{ Type string }
	if err := unmarshalPart("pre_tokenizer", file.PreTokenizer, &pre); err != nil {
		return nil, err
	}
	if pre.Type != "BertPreTokenizer" {
		return nil, fmt.Errorf("pre_tokenizer %q is not supported with WordPiece, only BertPreTokenizer", pre.Type)
	}
	var decoder struct {
		Type    string
		Prefix  string
		CleanUp bool `json:"cleanup"`
	}
	if err := unmarshalPart("decoder", file.Decoder, &decoder); err != nil {
		return nil, err
	}
	if decoder.Type != "WordPiece" || decoder.Prefix != m.Prefix {
		return nil, fmt.Errorf("decoder %q with the prefix %q does not go with a WordPiece model with the prefix %q", decoder.Type, decoder.Prefix, m.Prefix)
	}
	c.Unknown = content(m.Unknown)
	t, err := newBERT(vocabulary, splitter, m.Prefix, m.MaxChars, c)
	if err != nil {
		return nil, err
	}
	t.model.(*wordPiece).cleanUp = decoder.CleanUp
	return t, nil
}

// listTokens puts the tokens of a vocabulary in the order of their ids.
func listTokens(vocabulary map[string]int) ([]string, error) {
	tokens := make([]string, 0, len(vocabulary))
	for text, id := range vocabulary {
		if id < 0 || id > largestID {
			return nil, fmt.Errorf("model: token %q has the id %d", text, id)
		}
		if id >= len(tokens) {
			tokens = append(tokens, make([]string, id+1-len(tokens))...)
		}
		if tokens[id] != "" {
			return nil, fmt.Errorf("model: tokens %q and %q have the same id %d", tokens[id], text, id)
		}
		tokens[id] = text
	}
	return tokens, nil
}

// parseBERTNormalizer reads a BertNormalizer; what tokenizer_config.json says of it wins, as in BertTokenizerFast.
func parseBERTNormalizer(file *tokenizerJSON, c *config) (wordpiece.Splitter, error) {
	var n struct {
		Type         string
		CleanText    bool  `json:"clean_text"`
		ChineseChars bool  `json:"handle_chinese_chars"`
		StripAccents *bool `json:"strip_accents"`
		Lowercase    bool
	}
	if err := unmarshalPart("normalizer", file.Normalizer, &n); err != nil {
		return wordpiece.Splitter{}, err
	}
	if n.Type != "BertNormalizer" {
		return wordpiece.Splitter{}, fmt.Errorf("normalizer %q is not supported with WordPiece, only BertNormalizer", n.Type)
	}
	if c.LowerCase == nil {
		c.LowerCase = &n.Lowercase
	}
	if c.StripAccents == nil {
		c.StripAccents = n.StripAccents
	}
	if c.ChineseChars == nil {
		c.ChineseChars = &n.ChineseChars
	}
	return c.splitter(n.CleanText), nil
}

// splitter returns how texts are cut into words: in lower case and without accents unless the files say otherwise.
func (c *config) splitter(cleanText bool) wordpiece.Splitter {
	s := wordpiece.Splitter{CleanText: cleanText, Lowercase: true, ChineseChars: true}
	if c.LowerCase != nil {
		s.Lowercase = *c.LowerCase
	}
	if c.ChineseChars != nil {
		s.ChineseChars = *c.ChineseChars
	}
	s.StripAccents = s.Lowercase
	if c.StripAccents != nil {
		s.StripAccents = *c.StripAccents
	}
	return s
}

// What a BERT vocabulary is unless its file says otherwise.
const (
	defaultPrefix   = "##"
	defaultMaxChars = 100
)

// parseVocabulary makes the tokenizer of a vocab.txt, one token a line, as BertTokenizerFast does.
func parseVocabulary(b []byte, c *config) (*Tokenizer, error) {
	if err := c.requireClass("BertTokenizer"); err != nil {
		return nil, err
	}
	if len(b) == 0 {
		return nil, errors.New("the vocabulary is empty")
	}
	tokens := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	for i := range tokens {
		tokens[i] = strings.TrimSuffix(tokens[i], "\r")
	}
	t, err := newBERT(tokens, c.splitter(true), defaultPrefix, defaultMaxChars, c)
	if err != nil {
		return nil, err
	}
	t.model.(*wordPiece).cleanUp = true
	added := map[int]addedToken{}
	ids := map[string]int{}
	for id, text := range tokens {
		ids[text] = id
	}
	for _, special := range []struct {
		text string
		ids  *[]int
	}{{c.Class.or("[CLS]"), &t.before}, {c.Sep.or("[SEP]"), &t.after}, {c.Pad.or("[PAD]"), nil}, {c.Unknown.or("[UNK]"), nil}, {c.Mask.or("[MASK]"), nil}} {
		id, ok := ids[special.text]
		if !ok {
			return nil, fmt.Errorf("the vocabulary has no %q", special.text)
		}
		added[id] = addedToken{ID: id, Content: special.text, Special: true}
		if special.ids != nil {
			*special.ids = []int{id}
		}
	}
	return t, t.addTokens(added)
}

// newBERT makes a tokenizer without its added tokens.
func newBERT(vocabulary []string, splitter wordpiece.Splitter, prefix string, maxChars int, c *config) (*Tokenizer, error) {
	t := &Tokenizer{kind: BERT, tokens: vocabulary, pad: -1, end: -1, unknown: -1}
	for id, text := range vocabulary {
		switch text {
		case c.Pad.or("[PAD]"):
			t.pad = id
		case c.Unknown.or("[UNK]"):
			t.unknown = id
		}
	}
	if t.pad < 0 || t.unknown < 0 {
		return nil, fmt.Errorf("the vocabulary lacks %q or %q", c.Pad.or("[PAD]"), c.Unknown.or("[UNK]"))
	}
	model, err := wordpiece.New(vocabulary, prefix, t.unknown, maxChars)
	if err != nil {
		return nil, err
	}
	t.model = &wordPiece{splitter: splitter, model: model, prefix: prefix}
	return t, nil
}
