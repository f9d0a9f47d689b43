package tokenize

import (
	"math"
)

// Kind is a family of tokenizers.
type Kind int

const (
	// T5 is a SentencePiece unigram vocabulary with an end symbol after the text.
	T5 Kind = iota
	// BERT is a WordPiece vocabulary with [CLS] before the text and [SEP] after it.
	BERT
)

// String returns the family's name.
func (k Kind) String() string {
	if k == BERT {
		return "BERT"
	}
	return "T5"
}

// Tokenizer turns texts into the ids that a model reads, and ids back into text. It is immutable after loading and may
// be shared between goroutines. A byte of a text that is no valid UTF-8 counts as U+FFFD.
type Tokenizer struct {
	kind    Kind
	model   model
	tokens  []string // by id; "" where there is none
	special []bool   // by id
	added   *matcher
	before  []int // special ids before the text
	after   []int // special ids after the text
	endOnce bool  // after is left out where the text ends with it
	pad     int
	end     int // -1: none
	unknown int
	length  int  // default length, 0: none
	cleanUp bool // clean_up_tokenization_spaces
	files   map[string][]byte
}

// model is the part in which the tokenizers differ.
type model interface {
	// encode appends the ids of a stretch of text without added tokens to ids. It may stop as soon as it has appended
	// limit of them, and may append more.
	encode(ids []int, text string, limit int) []int
	// decode joins tokens to a text.
	decode(tokens []token) string
}

// token is an entry of the vocabulary on its way to a text.
type token struct {
	id      int
	text    string
	special bool
}

// Encode returns the ids of text with the special tokens of the model around them: at most maxLength of them with the
// special ones counted, or all for a maxLength of 0. The text's end is cut off where it does not fit, and is not read:
// the cost is proportional to maxLength.
func (t *Tokenizer) Encode(text string, maxLength int) []int {
	room := math.MaxInt
	if maxLength > 0 {
		room = max(0, maxLength-len(t.before)-len(t.after))
	}
	first := len(t.before)
	ids := append(make([]int, 0, first+min(room, len(text)/3+8)+len(t.after)), t.before...)
	for part := range t.added.split(text) {
		if len(ids)-first >= room {
			break
		}
		if part.id >= 0 {
			ids = append(ids, part.id)
		} else {
			ids = t.model.encode(ids, part.text, room-(len(ids)-first))
		}
	}
	if len(ids)-first > room {
		ids = ids[:first+room]
	}
	if !t.endOnce || len(ids) == first || ids[len(ids)-1] != t.end {
		ids = append(ids, t.after...)
	}
	if maxLength > 0 && len(ids) > maxLength {
		ids = ids[:maxLength]
	}
	return ids
}

// Decode returns the text of ids as the peer's decode does, with its clean-up of spaces where the tokenizer's files ask
// for it; skipSpecial leaves special tokens out. Ids that have no token (a model's output layer may be wider than the
// vocabulary) are left out.
func (t *Tokenizer) Decode(ids []int, skipSpecial bool) string {
	tokens := make([]token, 0, len(ids))
	for _, id := range ids {
		text := t.token(id)
		if text == "" || skipSpecial && t.special[id] {
			continue
		}
		tokens = append(tokens, token{id: id, text: text, special: t.special[id]})
	}
	text := t.model.decode(tokens)
	if t.cleanUp {
		text = cleanUp(text)
	}
	return text
}

// Tokens returns the vocabulary's entries for ids, "" for one that has none.
func (t *Tokenizer) Tokens(ids []int) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = t.token(id)
	}
	return out
}

func (t *Tokenizer) token(id int) string {
	if id < 0 || id >= len(t.tokens) {
		return ""
	}
	return t.tokens[id]
}

// Kind returns the family.
func (t *Tokenizer) Kind() Kind { return t.kind }

// VocabSize returns the number of ids, added tokens included: 32,100 for T5. A model's embedding may have more rows.
func (t *Tokenizer) VocabSize() int { return len(t.tokens) }

// PadID returns the id that fills up the shorter texts of a batch.
func (t *Tokenizer) PadID() int { return t.pad }

// EOSID returns the id that ends a text, and false where the vocabulary has none (BERT).
func (t *Tokenizer) EOSID() (id int, ok bool) { return t.end, t.end >= 0 }

// UnknownID returns the id of what the vocabulary cannot write.
func (t *Tokenizer) UnknownID() int { return t.unknown }

// MaxLength returns the length in ids that the model's files state: max_seq_length of sentence_bert_config.json, else
// model_max_length of tokenizer_config.json, else 0, which means no limit. The truncation that a tokenizer.json itself
// may hold is ignored.
func (t *Tokenizer) MaxLength() int { return t.length }
