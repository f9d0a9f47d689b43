package tokenize_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/tokenize"
)

func TestLoadTakesTheFirstVocabularyThatIsThere(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		kind  tokenize.Kind
		ids   []int // of "</s>", which they tell apart
	}{
		{"spiece.model before tokenizer.json", map[string]string{"spiece.model": smallSpiece, "tokenizer.json": smallJSON, "vocab.txt": smallVocab}, tokenize.T5, []int{1}},
		{"tokenizer.json before vocab.txt", map[string]string{"tokenizer.json": smallJSON, "vocab.txt": smallVocab}, tokenize.T5, []int{1, 1}},
		{"vocab.txt alone", map[string]string{"vocab.txt": smallVocab}, tokenize.BERT, []int{2, 22, 19, 65, 24, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tk := load(t, c.files)
			if got := tk.Encode("</s>", 0); tk.Kind() != c.kind || !slices.Equal(got, c.ids) {
				t.Errorf("%v, ids %v %q, want %v, %v", tk.Kind(), got, tk.Tokens(got), c.kind, c.ids)
			}
		})
	}
}

func TestMaxLengthIsWhatTheFilesState(t *testing.T) {
	const sentence, tokenizer = "sentence_bert_config.json", "tokenizer_config.json"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int
	}{
		{"nothing", nil, 0},
		{"model_max_length", map[string]string{tokenizer: `{"model_max_length": 512}`}, 512},
		{"no model_max_length", map[string]string{tokenizer: `{"model_max_length": 1000000000000000019884624838656}`}, 0},
		{"max_seq_length first", map[string]string{tokenizer: `{"model_max_length": 512}`, sentence: `{"max_seq_length": 256}`}, 256},
		{"max_seq_length null", map[string]string{tokenizer: `{"model_max_length": 512}`, sentence: `{"max_seq_length": null}`}, 512},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{"vocab.txt": smallVocab}
			for name, from := range c.files {
				files[name] = from
			}
			if got := load(t, files).MaxLength(); got != c.want {
				t.Errorf("MaxLength() = %d, want %d", got, c.want)
			}
		})
	}
}

func TestConfigurationIsFollowed(t *testing.T) {
	t.Run("special tokens by another name", func(t *testing.T) {
		tk := load(t, map[string]string{"vocab.txt": smallVocab, "special_tokens_map.json": `{"cls_token": {"content": "[MASK]"}, "sep_token": "."}`})
		if got := tk.Tokens(tk.Encode("a", 0)); !slices.Equal(got, []string{"[MASK]", "a", "."}) {
			t.Errorf("tokens %q", got)
		}
	})
	t.Run("tokenizer_config.json before special_tokens_map.json", func(t *testing.T) {
		tk := load(t, map[string]string{"vocab.txt": smallVocab, "special_tokens_map.json": `{"cls_token": "[MASK]"}`, "tokenizer_config.json": `{"cls_token": "[CLS]"}`})
		if got := tk.Encode("", 0); !slices.Equal(got, []int{2, 3}) {
			t.Errorf("ids %v", got)
		}
	})
	t.Run("fewer sentinels", func(t *testing.T) {
		tk := load(t, map[string]string{"spiece.model": smallSpiece, "tokenizer_config.json": `{"extra_ids": 2}`})
		if got := tk.Tokens(tk.Encode("<extra_id_0><extra_id_1>", 0)); !slices.Equal(got, []string{"<extra_id_0>", "<extra_id_1>", "</s>"}) || tk.VocabSize() != 202 {
			t.Errorf("tokens %q of %d", got, tk.VocabSize())
		}
	})
	t.Run("an added token", func(t *testing.T) {
		tk := load(t, map[string]string{"spiece.model": smallSpiece, "tokenizer_config.json": `{"added_tokens_decoder": {"300": {"content": "<title>", "rstrip": true}}}`,
			"added_tokens.json": `{"<title>": 300}`})
		if got := tk.Tokens(tk.Encode("a<title> paper", 0)); !slices.Equal(got, []string{"▁a", "<title>", "▁paper", "</s>"}) {
			t.Errorf("tokens %q", got)
		}
	})
}

func TestLoadRefusesWhatItDoesNotKnow(t *testing.T) {
	const config = "tokenizer_config.json"
	spiece := func(c string) map[string]string { return map[string]string{"spiece.model": smallSpiece, config: c} }
	vocab := func(c string) map[string]string { return map[string]string{"vocab.txt": smallVocab, config: c} }
	fast := func(json string) map[string]string { return map[string]string{"tokenizer.json": json} }
	smallFast, err := os.ReadFile(smallJSON)
	if err != nil {
		t.Fatal(err)
	}
	changed := func(from, to string) map[string]string {
		if !strings.Contains(string(smallFast), from) {
			t.Fatalf("%s does not contain %s", smallJSON, from)
		}
		return fast(strings.Replace(string(smallFast), from, to, 1))
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"an empty folder", nil, "none of spiece.model, tokenizer.json, vocab.txt"},
		{"another class", spiece(`{"tokenizer_class": "AlbertTokenizer"}`), `"AlbertTokenizer", only T5Tokenizer`},
		{"another class for vocab.txt", vocab(`{"tokenizer_class": "T5TokenizerFast"}`), "only BertTokenizer"},
		{"the new behaviour of T5", spiece(`{"legacy": false}`), "only the legacy behaviour"},
		{"truncation at the left", spiece(`{"truncation_side": "left"}`), `truncation_side "left"`},
		{"a broken configuration", spiece(`{"legacy": `), "tokenizer_config.json: unexpected end"},
		{"a special token that is a number", spiece(`{"eos_token": 1}`), "neither a string nor an object"},
		{"an end symbol that is no piece", spiece(`{"eos_token": "<end>"}`), `no "<end>"`},
		{"a negative number of sentinels", spiece(`{"extra_ids": -1}`), "extra_ids -1"},
		{"an added token at a taken id", spiece(`{"added_tokens_decoder": {"5": {"content": "<x>"}}}`), `added token "<x>" has the id 5`},
		{"an added token without an id", spiece(`{"added_tokens_decoder": {"x": {"content": "<x>"}}}`), `has the id "x"`},
		{"an added token only as a word", spiece(`{"added_tokens_decoder": {"300": {"content": "<x>", "single_word": true}}}`), "single_word"},
		{"an empty added token", spiece(`{"added_tokens_decoder": {"300": {"content": ""}}}`), "added token 300 is empty"},
		{"a token of added_tokens.json only", map[string]string{"vocab.txt": smallVocab, "added_tokens.json": `{"<x>": 300}`}, `token "<x>" (300) is not supported`},
		{"an additional special token that is nowhere", vocab(`{"additional_special_tokens": ["<x>"]}`), `additional special token "<x>"`},
		{"an added token to be normalised", changed(`"normalized":false`, `"normalized":true`), `added token "<pad>": normalized`},
		{"a BERT without [MASK]", map[string]string{"vocab.txt": smallVocab, config: `{"mask_token": "<mask>"}`}, `no "<mask>"`},
		{"a spiece.model that is JSON", map[string]string{"spiece.model": "{}"}, "not a usable model"},
		{"a tokenizer.json of nothing", fast("{}"), "no model"},
		{"another model", fast(`{"model": {"type": "BPE"}}`), `model "BPE" is not supported`},
		{"a broken tokenizer.json", fast(`{"model": `), "unexpected end"},
		{"byte fallback", changed(`"byte_fallback":false`, `"byte_fallback":true`), "byte_fallback"},
		{"another pre-tokenizer", changed(`"pre_tokenizer":{"type":"Metaspace"`, `"pre_tokenizer":{"type":"ByteLevel"`), `pre_tokenizer: "ByteLevel" is not supported`},
		{"another normaliser", changed(`{"type":"Strip"`, `{"type":"NFKC"`), `normalizer: step 1, "NFKC"`},
		{"a replacement that is not known", changed(`"Regex":" {2,}"`, `"Regex":"a"`), `normalizer: step 2, "Replace"`},
		{"the first word only", changed(`"prepend_scheme":"always"`, `"prepend_scheme":"first"`), `prepend_scheme "first"`},
		{"another post-processor", changed(`"TemplateProcessing"`, `"ByteLevel"`), `post_processor "ByteLevel"`},
		{"a template with an id that is none", changed(`"ids":[1]`, `"ids":[1000]`), "id 1000 is not in the vocabulary"},
		{"an unknown id that is none", changed(`"unk_id":2`, `"unk_id":null`), "no unk_id"},
		{"a WordPiece model with two tokens of one id", fast(`{"model": {"type": "WordPiece", "vocab": {"a": 1, "b": 1}}}`), "have the same id 1"},
		{"a WordPiece model with a negative id", fast(`{"model": {"type": "WordPiece", "vocab": {"a": -1}}}`), "has the id -1"},
		{"a WordPiece model with an enormous id", fast(`{"model": {"type": "WordPiece", "vocab": {"a": 4000000000}}}`), "has the id 4000000000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tokenize.Load(folder(t, c.files))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
	for path, want := range map[string]string{
		"tokenizer.bin":           "ends in .model, .json or .txt",
		"testdata/nowhere.json":   "no such file",
		t.TempDir() + "/no.model": "no such file",
	} {
		if _, err := tokenize.LoadFile(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("LoadFile(%q): error %v, want one with %q", path, err, want)
		}
	}
}

func TestSavedFoldersLoadTheSame(t *testing.T) {
	const text = "We train <extra_id_3> a small model [MASK] ☃"
	for name, files := range smallTokenizers {
		t.Run(name, func(t *testing.T) {
			tk := load(t, files)
			dir := filepath.Join(t.TempDir(), "new", "folder")
			for range 2 { // a second time over the first
				if err := tk.Save(dir); err != nil {
					t.Fatal(err)
				}
			}
			again, err := tokenize.Load(dir)
			if err != nil {
				t.Fatal(err)
			}
			want := tk.Encode(text, 0)
			if got := again.Encode(text, 0); !slices.Equal(got, want) || again.Decode(got, false) != tk.Decode(want, false) {
				t.Errorf("%v, want %v", got, want)
			}
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != len(files) {
				t.Errorf("%d files saved (%v), want %d", len(entries), err, len(files))
			}
		})
	}
}

func TestSaveSaysWhereItCouldNotWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := load(t, smallTokenizers["bert"]).Save(file); err == nil || !strings.Contains(err.Error(), "tokenizer: save") {
		t.Errorf("error %v", err)
	}
}
