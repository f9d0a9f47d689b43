package tokenize

import (
	"fmt"
	"strconv"

	"paperlab/lib/tokenize/sentencepiece"
)

// defaultExtraIDs is how many sentinels T5Tokenizer adds to a vocabulary unless its configuration says otherwise.
const defaultExtraIDs = 100

// mostExtraIDs is where a number of sentinels is taken for an error.
const mostExtraIDs = 1 << 20

// newSentencePiece makes the tokenizer of a spiece.model.
func newSentencePiece(b []byte, c *config) (*Tokenizer, error) {
	if err := c.requireClass("T5Tokenizer"); err != nil {
		return nil, err
	}
	if c.Legacy != nil && !*c.Legacy {
		return nil, fmt.Errorf("%s says legacy false: only the legacy behaviour of T5Tokenizer is supported", fileConfig)
	}
	file, err := sentencepiece.Parse(b)
	if err != nil {
		return nil, err
	}
	normalizer, err := file.NewNormalizer()
	if err != nil {
		return nil, err
	}
	unigram, err := file.NewUnigram()
	if err != nil {
		return nil, err
	}
	t := &Tokenizer{
		kind:    T5,
		model:   &sentencePiece{file: file, normalizer: normalizer, scratch: newScratchPool(unigram)},
		endOnce: true, // _add_eos_if_not_present
	}
	t.tokens = make([]string, len(file.Pieces))
	for i, p := range file.Pieces {
		t.tokens[i] = p.Text
	}
	added, err := t5AddedTokens(len(file.Pieces), c)
	if err != nil {
		return nil, err
	}
	for _, role := range []struct {
		id   *int
		name string
	}{{&t.end, c.End.or("</s>")}, {&t.unknown, c.Unknown.or("<unk>")}, {&t.pad, c.Pad.or("<pad>")}} {
		id, ok := file.ID(role.name)
		if !ok {
			return nil, fmt.Errorf("the vocabulary has no %q", role.name)
		}
		*role.id = id
		if _, ok := added[id]; !ok {
			added[id] = addedToken{ID: id, Content: role.name, Special: true}
		}
	}
	t.after = []int{t.end}
	return t, t.addTokens(added)
}

// t5AddedTokens returns the sentinels <extra_id_0>, <extra_id_1>, ..., whose ids go down from the end, and the tokens
// that the configuration adds or overrides.
func t5AddedTokens(pieces int, c *config) (map[int]addedToken, error) {
	extra := defaultExtraIDs
	if c.ExtraIDs != nil {
		extra = *c.ExtraIDs
	}
	if extra < 0 || extra > mostExtraIDs {
		return nil, fmt.Errorf("%s says extra_ids %d", fileConfig, extra)
	}
	added := map[int]addedToken{}
	for i := range extra {
		id := pieces + extra - 1 - i
		added[id] = addedToken{ID: id, Content: fmt.Sprintf("<extra_id_%d>", i), LStrip: true, RStrip: true, Special: true}
	}
	for key, token := range c.AddedTokens {
		id, err := strconv.Atoi(key)
		if err != nil || id < 0 || id > pieces+mostExtraIDs {
			return nil, fmt.Errorf("%s: added token %q has the id %q", fileConfig, token.Content, key)
		}
		token.ID = id
		added[id] = token
	}
	return added, nil
}
