package tokenize

import (
	"encoding/json"
	"errors"
	"fmt"

	"paperlab/lib/tokenize/sentencepiece"
	"paperlab/lib/tokenize/unigram"
)

// scoredPiece is an entry of a Unigram vocabulary, written as a pair of text and score.
type scoredPiece unigram.Piece

// UnmarshalJSON reads the pair.
func (p *scoredPiece) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[2]any{&p.Text, &p.Score})
}

// parseUnigram makes the tokenizer of a tokenizer.json with a Unigram model.
func parseUnigram(file *tokenizerJSON, c *config) (*Tokenizer, error) {
	var m struct {
		UnknownID    *int          `json:"unk_id"`
		Vocab        []scoredPiece `json:"vocab"`
		ByteFallback bool          `json:"byte_fallback"`
	}
	if err := unmarshalPart("model", file.Model, &m); err != nil {
		return nil, err
	}
	if m.ByteFallback {
		return nil, errors.New("model: byte_fallback is not supported")
	}
	if m.UnknownID == nil {
		return nil, errors.New("model: no unk_id")
	}
	t := &Tokenizer{kind: T5, unknown: *m.UnknownID, tokens: make([]string, len(m.Vocab))}
	pieces := make([]unigram.Piece, len(m.Vocab))
	for i, p := range m.Vocab {
		pieces[i] = unigram.Piece(p)
		t.tokens[i] = p.Text
	}
	model, err := unigram.New(pieces, *m.UnknownID, unigram.Double)
	if err != nil {
		return nil, err
	}
	meta := &metaspace{scratch: newScratchPool(model)}
	if err := meta.parseNormalizer(file.Normalizer); err != nil {
		return nil, fmt.Errorf("normalizer: %w", err)
	}
	if err := meta.parsePreTokenizer(file.PreTokenizer); err != nil {
		return nil, fmt.Errorf("pre_tokenizer: %w", err)
	}
	var decoder metaspaceJSON
	if err := unmarshalPart("decoder", file.Decoder, &decoder); err != nil {
		return nil, err
	}
	if err := decoder.check(); err != nil {
		return nil, fmt.Errorf("decoder: %w", err)
	}
	meta.dropFirst = decoder.prepends()
	t.model = meta
	t.pad, t.end = -1, -1
	for id, text := range t.tokens {
		switch text {
		case c.Pad.or("<pad>"):
			t.pad = id
		case c.End.or("</s>"):
			t.end = id
		}
	}
	if t.pad < 0 || t.end < 0 {
		return nil, fmt.Errorf("the vocabulary lacks %q or %q", c.Pad.or("<pad>"), c.End.or("</s>"))
	}
	return t, nil
}

// metaspaceJSON is a pre-tokenizer or decoder of type Metaspace.
type metaspaceJSON struct {
	Type          string
	Replacement   string
	AddPrefix     *bool  `json:"add_prefix_space"`
	PrependScheme string `json:"prepend_scheme"`
	Split         *bool
}

func (m *metaspaceJSON) check() error {
	switch {
	case m.Type != "Metaspace":
		return fmt.Errorf("%q is not supported here, only Metaspace", m.Type)
	case m.Replacement != space:
		return fmt.Errorf("a Metaspace with the replacement %q is not supported, only %q", m.Replacement, space)
	case m.PrependScheme != "" && m.PrependScheme != "always" && m.PrependScheme != "never":
		return fmt.Errorf("a Metaspace with the prepend_scheme %q is not supported, only always and never", m.PrependScheme)
	case m.Split != nil && !*m.Split:
		return errors.New("a Metaspace without split is not supported")
	}
	return nil
}

// prepends says whether a text gets a "▁" in front.
func (m *metaspaceJSON) prepends() bool {
	if m.PrependScheme == "" {
		return m.AddPrefix == nil || *m.AddPrefix
	}
	return m.PrependScheme == "always"
}

// stepJSON is a normaliser or pre-tokenizer of any type that is known; Sequence holds further ones.
type stepJSON struct {
	metaspaceJSON
	Charsmap      []byte     `json:"precompiled_charsmap"`
	Normalizers   []stepJSON `json:"normalizers"`
	PreTokenizers []stepJSON `json:"pretokenizers"`
	Left          bool       `json:"strip_left"`
	Right         bool       `json:"strip_right"`
	Pattern       struct{ Regex string }
	Content       string
}

// parseNormalizer reads Precompiled and the steps that transformers puts behind it when it converts a spiece.model: Strip
// at the right, and Replace of runs of spaces. Each may be absent.
func (m *metaspace) parseNormalizer(b json.RawMessage) error {
	m.charsmap = &sentencepiece.Charsmap{}
	if len(b) == 0 || string(b) == "null" {
		return nil
	}
	var n stepJSON
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	steps := []stepJSON{n}
	if n.Type == "Sequence" {
		steps = n.Normalizers
	}
	for i, s := range steps {
		switch {
		case s.Type == "Precompiled" && i == 0:
			var err error
			if m.charsmap, err = sentencepiece.ParseCharsmap(s.Charsmap); err != nil {
				return err
			}
		case s.Type == "Strip" && !m.joinSpaces && s.Right && !s.Left:
			m.stripRight = true
		case s.Type == "Replace" && s.Pattern.Regex == " {2,}" && s.Content == space:
			m.joinSpaces = true
		default:
			return fmt.Errorf("step %d, %q, is not supported as it stands here", i, s.Type)
		}
	}
	return nil
}

// parsePreTokenizer reads Metaspace, alone or behind WhitespaceSplit.
func (m *metaspace) parsePreTokenizer(b json.RawMessage) error {
	var p stepJSON
	if err := unmarshalPart("steps", b, &p); err != nil {
		return err
	}
	steps := []stepJSON{p}
	if p.Type == "Sequence" {
		steps = p.PreTokenizers
	}
	if len(steps) == 2 && steps[0].Type == "WhitespaceSplit" {
		m.splitWords = true
		steps = steps[1:]
	}
	if len(steps) != 1 {
		return errors.New("only Metaspace is supported, alone or behind WhitespaceSplit")
	}
	m.prepend = steps[0].prepends()
	return steps[0].check()
}
