package tokenize_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/tokenize"
)

// published is a case that another project publishes, whatever the shape of its file.
type published struct {
	text             string
	ids              []int
	tokens           []string // without special ones; nil: not published
	decoded, skipped *string  // nil: not published
	bare             bool     // ids are without special tokens
}

// TestPublishedCases holds the tokenizers to the cases of the folder golden-tokenization. Where those disagree, each
// file is given to the tokenizer that it was made with: the slow T5Tokenizer (spiece.model) for hf-t5-unit.json, the
// fast ones for the rest. Two keys of transformersjs-t5.json are left out, Xenova/t5-tokenizer-new and
// Xenova/LaMini-Flan-T5-783M: their tokenizer.json, with another pre-tokenizer, is not in the data.
func TestPublishedCases(t *testing.T) {
	data := data(t)
	tokenizers := realTokenizers(data)
	for _, name := range []string{"bert tokenizer.json", "bert vocab.txt"} { // as the publishers decoded
		tokenizers[name]["tokenizer_config.json"] = `{"clean_up_tokenization_spaces": true}`
	}
	for _, c := range []struct {
		file, key string
		follow    []string
		least     int // cases
	}{
		{"hf-t5-unit.json", "t5-base", []string{"t5 spiece.model", "t5 spiece.model alone"}, 3},
		{"transformersjs-t5.json", "Xenova/t5-small", []string{"t5 tokenizer.json"}, 29},
		{"swift-tokenizer-tests.json", "t5-base", []string{"t5 tokenizer.json"}, 18},
		{"t5_base_encoded.json", "", []string{"t5 tokenizer.json", "t5 spiece.model"}, 1},
		{"transformersjs-bert.json", "Xenova/bert-base-uncased", []string{"bert tokenizer.json", "bert vocab.txt"}, 29},
		{"swift-tokenizer-tests.json", "bert-base-uncased", []string{"bert tokenizer.json", "bert vocab.txt"}, 18},
		{"swift-tokenizer-tests.json", "google-bert/bert-base-uncased", []string{"bert tokenizer.json", "bert vocab.txt"}, 18},
		{"bert_uncased_encoded.json", "", []string{"bert tokenizer.json", "bert vocab.txt"}, 1},
		{"bertcpp-minilm.json", "", []string{"bert tokenizer.json", "bert vocab.txt"}, 4},
		{"bert-squad-questions.jsonl", "", []string{"bert tokenizer.json", "bert vocab.txt"}, 5000},
	} {
		cases := readPublished(t, filepath.Join(data, "golden-tokenization", c.file), c.key)
		if len(cases) < c.least {
			t.Errorf("%s, %s: %d cases, want %d", c.file, c.key, len(cases), c.least)
		}
		for _, name := range c.follow {
			t.Run(c.file+" "+c.key+" by "+name, func(t *testing.T) {
				tk := load(t, tokenizers[name])
				for _, p := range cases {
					p.check(t, tk)
				}
			})
		}
	}
}

func (p published) check(t *testing.T, tk *tokenize.Tokenizer) {
	t.Helper()
	ids := tk.Encode(p.text, 0)
	inner := ids[:len(ids)-1]
	if tk.Kind() == tokenize.BERT {
		inner = inner[1:]
	}
	if p.bare {
		ids = inner
	}
	if !slices.Equal(ids, p.ids) {
		t.Errorf("Encode(%q)\n got %v\nwant %v", p.text, ids, p.ids)
	}
	if got := tk.Tokens(inner); p.tokens != nil && tk.Kind() == tokenize.BERT && !slices.Equal(got, p.tokens) {
		t.Errorf("Tokens of %q\n got %q\nwant %q", p.text, got, p.tokens)
	}
	if p.decoded != nil {
		if got := tk.Decode(p.ids, false); got != *p.decoded {
			t.Errorf("Decode of %q\n got %q\nwant %q", p.text, got, *p.decoded)
		}
	}
	if p.skipped != nil {
		if got := tk.Decode(p.ids, true); got != *p.skipped {
			t.Errorf("Decode of %q without special tokens\n got %q\nwant %q", p.text, got, *p.skipped)
		}
	}
}

// readPublished reads the cases of a file, or those under one of its keys.
func readPublished(t *testing.T, path, key string) (cases []published) {
	t.Helper()
	// record holds the fields of all the files' cases.
	type record struct {
		Text     string
		Input    string
		IDs      []int
		TokenIDs []int `json:"token_ids"`
		Encoded  struct {
			IDs []int `json:"input_ids"`
		}
		Tokens    []string
		WordPiece []string
		BPETokens []string `json:"bpe_tokens"`
		Decoded   *string
		Whole     *string `json:"decoded_text"`
		With      *string `json:"decoded_with_special"`
		Without   *string `json:"decoded_without_special"`
	}
	add := func(name string, r record) {
		if name == "TEXT_PAIR" {
			return // a pair of texts, of which the file holds the first
		}
		p := published{text: r.Text + r.Input, ids: slices.Concat(r.IDs, r.TokenIDs, r.Encoded.IDs), decoded: r.Decoded, skipped: r.Without}
		p.tokens = slices.Concat(r.Tokens, r.WordPiece, r.BPETokens)
		p.bare = r.WordPiece != nil
		for _, d := range []*string{r.Whole, r.With} {
			if d != nil {
				p.decoded = d
			}
		}
		cases = append(cases, p)
	}
	if strings.HasSuffix(path, ".jsonl") {
		readLines(t, path, func(r record) { add("", r) })
		return cases
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		var keys map[string]json.RawMessage
		if err := json.Unmarshal(b, &keys); err != nil {
			t.Fatal(err)
		}
		b = keys[key]
	}
	var list []record
	var named map[string]record
	var one record
	switch {
	case json.Unmarshal(b, &list) == nil:
		for _, r := range list {
			add("", r)
		}
	case key != "" && json.Unmarshal(b, &named) == nil:
		for name, r := range named {
			add(name, r)
		}
	default:
		if err := json.Unmarshal(b, &one); err != nil {
			t.Fatal(err)
		}
		add("", one)
	}
	return cases
}

// TestPublishedT5Lengths holds to what hf-t5-unit.json says without ids.
func TestPublishedT5Lengths(t *testing.T) {
	tk := load(t, realTokenizers(data(t))["t5 spiece.model"])
	for _, same := range [][2]string{{"hi</s>", "hi"}, {"I went to the gym</s>", "I went to the gym"}, {"</s>", ""}} {
		if a, b := tk.Encode(same[0], 0), tk.Encode(same[1], 0); !slices.Equal(a, b) {
			t.Errorf("%q gives %v, %q gives %v", same[0], a, same[1], b)
		}
	}
	if ids := tk.Encode(strings.Repeat("I am a small frog", 1000), tk.MaxLength()); len(ids) != 512 || ids[511] != 1 {
		t.Errorf("%d ids, want 512 with the end symbol last", len(ids))
	}
}
