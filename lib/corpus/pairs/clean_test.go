package pairs_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/pairs"
)

// golden is what Python's re gave.
type golden struct {
	Spaces []rune            // every character that \s matches
	Texts  [][2]string       // raw, cleaned
	Files  map[string]string // path below the data folder -> sha256 of its cleaned titles and abstracts
}

func readGolden(t *testing.T) golden {
	t.Helper()
	data, err := os.ReadFile("testdata/clean.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestCleanTreatsEveryCharacterAsPythonDoes(t *testing.T) {
	spaces := readGolden(t).Spaces
	for r := range rune(utf8.MaxRune + 1) {
		if !utf8.ValidRune(r) {
			continue
		}
		want := "a  b" // two characters that are not kept
		if slices.Contains(spaces, r) {
			want = "a b" // one run
		} else if r < utf8.RuneSelf && strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,.?!:;()-", r) {
			want = "a" + string(r) + string(r) + "b"
		}
		if got := pairs.Clean("a" + string(r) + string(r) + "b"); got != want {
			t.Errorf("Clean of two %U between a and b = %q, want %q", r, got, want)
		}
	}
}

func TestCleanEqualsPythonOnOddTexts(t *testing.T) {
	for _, text := range readGolden(t).Texts {
		if got := pairs.Clean(text[0]); got != text[1] {
			t.Errorf("Clean(%q) = %q, Python has %q", text[0], got, text[1])
		}
	}
}

func TestCleanEqualsPythonOnRealPapers(t *testing.T) {
	root := os.Getenv("PAPERLAB_DATA")
	if root == "" {
		t.Skip("SKIPPED: set PAPERLAB_DATA to the data folder to clean real papers as Python does")
	}
	for path, want := range readGolden(t).Files {
		file, err := os.Open(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		digest := sha256.New()
		for decoder := json.NewDecoder(bufio.NewReader(file)); decoder.More(); {
			var record struct{ Title, Abstract string }
			if err := decoder.Decode(&record); err != nil {
				t.Fatal(err)
			}
			digest.Write([]byte(pairs.Clean(record.Title) + "\n" + pairs.Clean(record.Abstract) + "\n"))
		}
		if got := hex.EncodeToString(digest.Sum(nil)); got != want {
			t.Errorf("%s: sha256 of the cleaned texts is %s, Python's %s", path, got, want)
		}
	}
}

func TestCleanTakesEachInvalidByteForOneCharacter(t *testing.T) {
	if got := pairs.Clean("a\xff\xfeb\xe2\x84c"); got != "a  b  c" {
		t.Errorf("got %q", got)
	}
}

func TestCleanAllLeavesItsInputAlone(t *testing.T) {
	papers := []corpus.Paper{{ID: "1", Title: " A\n  title ", Abstract: "An $x$", Article: "a_b", Categories: "cs.CL"}}
	cleaned := pairs.CleanAll(papers)
	if got := cleaned[0]; got.Title != "A title" || got.Abstract != "An  x" || got.Article != "a_b" || got.ID != "1" {
		t.Errorf("cleaned: %+v", got)
	}
	if papers[0].Title != " A\n  title " {
		t.Errorf("the paper given became %+v", papers[0])
	}
}

func FuzzClean(f *testing.F) {
	f.Add(" A\u2028\n title, with $x$ and \xff\xfe ")
	f.Fuzz(func(t *testing.T, text string) {
		cleaned := pairs.Clean(text)
		if len(cleaned) > utf8.RuneCountInString(text) {
			t.Errorf("%q has more characters than %q", cleaned, text)
		}
		if strings.Trim(cleaned, " ") != cleaned {
			t.Errorf("%q is not trimmed", cleaned)
		}
		for _, r := range cleaned {
			if r >= utf8.RuneSelf || r < ' ' {
				t.Errorf("%q holds %U", cleaned, r)
			}
		}
	})
}

func BenchmarkClean(b *testing.B) {
	text := strings.Repeat("  We propose a method ($x^2$) for\n  fine-tuning naïve models; it works. ", 20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		pairs.Clean(text)
	}
}
