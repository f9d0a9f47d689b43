package tokenize_test

import (
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/tokenize"
)

// fuzzFile loads a tokenizer from mutated bytes and, where that works, uses it.
func fuzzFile(f *testing.F, name string) {
	f.Fuzz(func(t *testing.T, b []byte, text string) {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		tk, err := tokenize.LoadFile(path)
		if err != nil {
			return
		}
		ids := tk.Encode(text, 0)
		tk.Encode(text, 3)
		tk.Decode(ids, false)
		tk.Decode(ids, true)
		tk.Tokens(ids)
	})
}

func FuzzTokenizerJSON(f *testing.F) {
	for _, seed := range []string{
		`{"added_tokens": [{"id": 1, "content": "</s>", "special": true}, {"id": 4, "content": "<x>", "lstrip": true, "rstrip": true}],
 "normalizer": {"type": "Precompiled", "precompiled_charsmap": "AAAAAA=="},
 "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "add_prefix_space": true}]},
 "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}], "special_tokens": {"</s>": {"ids": [1]}}},
 "decoder": {"type": "Metaspace", "replacement": "▁"},
 "model": {"type": "Unigram", "unk_id": 2, "vocab": [["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["▁a", -1.5]]}}`,
		`{"normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
 "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
 "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
 "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "a": 4, "##b": 5}}}`,
	} {
		f.Add([]byte(seed), "ab <x> a </s>\xff")
		path := filepath.Join(f.TempDir(), "tokenizer.json")
		if err := os.WriteFile(path, []byte(seed), 0o644); err != nil {
			f.Fatal(err)
		}
		if _, err := tokenize.LoadFile(path); err != nil {
			f.Fatal(err) // a seed that is refused would find nothing
		}
	}
	fuzzFile(f, "tokenizer.json")
}

func FuzzSpieceModel(f *testing.F) {
	b, err := os.ReadFile(smallSpiece)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b, "a paper </s> <extra_id_0>")
	f.Add(b[:200], "a paper")
	fuzzFile(f, "spiece.model")
}

func FuzzVocabulary(f *testing.F) {
	f.Add([]byte("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\n\n"), "ab [MASK] a")
	f.Add([]byte("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n[MASK]\r\nb"), "b")
	fuzzFile(f, "vocab.txt")
}
