package tokenize_test

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"paperlab/lib/tokenize"
)

// golden is testdata/golden.json, which testdata/make_golden.py writes.
type golden struct {
	Short int
	Cut   int
	Small map[string][]struct {
		Text             string
		IDs, Short       []int
		Tokens           []string
		Decoded, Skipped string
	}
	Real map[string]struct {
		Abstracts, Decoded, Cut, Articles, Characters []string
	}
}

func readGolden(t *testing.T) golden {
	t.Helper()
	b, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// folder makes a model's folder of files: paths, or contents that begin with "{".
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, from := range files {
		b := []byte(from)
		if !strings.HasPrefix(from, "{") {
			var err error
			if b, err = os.ReadFile(from); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func load(t testing.TB, files map[string]string) *tokenize.Tokenizer {
	t.Helper()
	tk, err := tokenize.Load(folder(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return tk
}

const (
	smallSpiece = "testdata/small/spiece.model"
	smallJSON   = "testdata/small/tokenizer.json"
	smallVocab  = "testdata/small/vocab.txt"
)

// smallBare is smallJSON without a "▁" before texts.
var smallBare = func() string {
	b, _ := os.ReadFile(smallJSON)
	return strings.ReplaceAll(string(b), `"prepend_scheme":"always"`, `"prepend_scheme":"never"`)
}()

// smallTokenizers are those of golden.json's "small", by name.
var smallTokenizers = map[string]map[string]string{
	"t5 slow":       {"spiece.model": smallSpiece},
	"t5 slow clean": {"spiece.model": smallSpiece, "tokenizer_config.json": `{"clean_up_tokenization_spaces": true}`},
	"t5 fast":       {"tokenizer.json": smallJSON},
	"t5 fast bare":  {"tokenizer.json": smallBare},
	"bert":          {"vocab.txt": smallVocab},
	"bert unclean":  {"vocab.txt": smallVocab, "tokenizer_config.json": `{"clean_up_tokenization_spaces": false}`},
	"bert cased":    {"vocab.txt": smallVocab, "tokenizer_config.json": `{"do_lower_case": false}`},
	"bert accents":  {"vocab.txt": smallVocab, "tokenizer_config.json": `{"strip_accents": false, "tokenize_chinese_chars": false}`},
}

func TestSmallVocabulariesGiveThePeersResults(t *testing.T) {
	g := readGolden(t)
	if len(g.Small) != len(smallTokenizers) {
		t.Fatalf("golden.json has %d small tokenizers, want %d", len(g.Small), len(smallTokenizers))
	}
	for name, files := range smallTokenizers {
		t.Run(name, func(t *testing.T) {
			tk := load(t, files)
			for _, c := range g.Small[name] {
				ids := tk.Encode(c.Text, 0)
				if !slices.Equal(ids, c.IDs) {
					t.Errorf("Encode(%q)\n got %v %q\nwant %v %q", c.Text, ids, tk.Tokens(ids), c.IDs, c.Tokens)
				}
				if got := tk.Encode(c.Text, g.Short); !slices.Equal(got, c.Short) {
					t.Errorf("Encode(%q, %d) = %v, want %v", c.Text, g.Short, got, c.Short)
				}
				if got := tk.Tokens(c.IDs); !slices.Equal(got, c.Tokens) {
					t.Errorf("Tokens of %q = %q, want %q", c.Text, got, c.Tokens)
				}
				if got := tk.Decode(c.IDs, false); got != c.Decoded {
					t.Errorf("Decode of %q\n got %q\nwant %q", c.Text, got, c.Decoded)
				}
				if got := tk.Decode(c.IDs, true); got != c.Skipped {
					t.Errorf("Decode of %q without special tokens\n got %q\nwant %q", c.Text, got, c.Skipped)
				}
			}
		})
	}
}

// data returns the folder of real papers and vocabularies, or skips the test.
func data(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("PAPERLAB_DATA")
	if dir == "" {
		t.Skip("SKIPPED: PAPERLAB_DATA is not set: the real vocabularies and papers are not compared")
	}
	return dir
}

// realTokenizers are those of golden.json's "real", by name.
func realTokenizers(data string) map[string]map[string]string {
	t5, bert := filepath.Join(data, "tokenizer-t5"), filepath.Join(data, "tokenizer-bert-uncased")
	config := filepath.Join(t5, "tokenizer_config.json")
	specials := filepath.Join(t5, "special_tokens_map.json")
	spiece, fast := filepath.Join(t5, "spiece.model"), filepath.Join(t5, "tokenizer-whitespacesplit.json")
	return map[string]map[string]string{
		// Where both files are there, spiece.model decides.
		"t5 spiece.model":       {"spiece.model": spiece, "tokenizer.json": fast, "tokenizer_config.json": config, "special_tokens_map.json": specials},
		"t5 spiece.model alone": {"spiece.model": spiece},
		"t5 tokenizer.json":     {"tokenizer.json": fast, "tokenizer_config.json": config, "special_tokens_map.json": specials},
		"bert tokenizer.json":   {"tokenizer.json": filepath.Join(bert, "tokenizer-minilm.json")},
		"bert vocab.txt":        {"vocab.txt": filepath.Join(bert, "vocab.txt")},
	}
}

func TestRealPapersGiveThePeersResults(t *testing.T) {
	data, g := data(t), readGolden(t)
	abstracts, articles := readAbstracts(t, data)[:2000], readArticles(t, data)[:200]
	var characters []string
	for c := range rune(0x110000) {
		if c < 0xd800 || c >= 0xe000 {
			characters = append(characters, "a"+string(c)+"B x"+string(c))
		}
	}
	for name, files := range realTokenizers(data) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tk, want := load(t, files), g.Real[name]
			encode := func(texts []string, maxLength int) [][]int {
				ids, err := tk.EncodeBatch(context.Background(), texts, maxLength)
				if err != nil {
					t.Fatal(err)
				}
				return ids
			}
			ids := encode(abstracts, 0)
			var decoded []string
			for _, i := range ids {
				decoded = append(decoded, tk.Decode(i, true))
			}
			sameDigests(t, "ids of abstracts", ids, 100, want.Abstracts)
			sameDigests(t, "decoded abstracts", decoded, 100, want.Decoded)
			sameDigests(t, "cut texts", encode(slices.Concat(abstracts, articles), g.Cut), 100, want.Cut)
			sameDigests(t, "ids of articles", encode(articles, 0), 20, want.Articles)
			sameDigests(t, "every character", encode(characters, 0), 0x4000, want.Characters)
		})
	}
}

// sameDigests compares the hashes of groups of results with the golden ones.
func sameDigests[T []int | string](t *testing.T, what string, results []T, size int, want []string) {
	t.Helper()
	var got []string
	for group := range slices.Chunk(results, size) {
		h := sha256.New()
		for _, r := range group {
			switch r := any(r).(type) {
			case string:
				io.WriteString(h, r)
			case []int:
				for i, id := range r {
					if i > 0 {
						io.WriteString(h, ",")
					}
					io.WriteString(h, strconv.Itoa(id))
				}
			}
			io.WriteString(h, "\n")
		}
		got = append(got, hex.EncodeToString(h.Sum(nil))[:16])
	}
	if len(got) != len(want) {
		t.Fatalf("%s: %d groups, want %d", what, len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s: results %d to %d differ from the peer's", what, i*size, (i+1)*size-1)
		}
	}
}

// readLines calls visit for every line of a file of JSON lines.
func readLines[T any](t testing.TB, path string, visit func(T)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if filepath.Ext(path) == ".gz" {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	d := json.NewDecoder(r)
	for {
		var v T
		if err := d.Decode(&v); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", path, err))
		}
		visit(v)
	}
}

func readAbstracts(t testing.TB, data string) (texts []string) {
	for _, name := range []string{"arxiv-kaggle-2007/arxiv-metadata-0704.jsonl", "arxiv-recent/lthei-2026.jsonl", "arxiv-recent/seymurhh-2025.jsonl"} {
		readLines(t, filepath.Join(data, name), func(r struct{ Abstract string }) { texts = append(texts, r.Abstract) })
	}
	return texts
}

func readArticles(t testing.TB, data string) (texts []string) {
	readLines(t, filepath.Join(data, "scisummnet", "scisummnet.jsonl.gz"), func(r struct {
		Sentences []string `json:"article_text"`
	}) {
		texts = append(texts, strings.Join(r.Sentences, " "))
	})
	return texts
}
