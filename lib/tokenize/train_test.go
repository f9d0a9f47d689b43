package tokenize_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/tokenize"
)

var update = flag.Bool("update", false, "write testdata/small/spiece.model; run testdata/make_golden.py after it")

// trainSmall learns the vocabulary that the small goldens were made with.
func trainSmall(t testing.TB) *tokenize.Tokenizer {
	t.Helper()
	sentences, err := os.ReadFile("testdata/small/sentences.txt")
	if err != nil {
		t.Fatal(err)
	}
	tk, err := tokenize.TrainT5(context.Background(), strings.Lines(string(sentences)), 200)
	if err != nil {
		t.Fatal(err)
	}
	return tk
}

// TestTrainT5GivesTheSameFileEveryTime holds training to the very file that the peers were shown when golden.json was made.
func TestTrainT5GivesTheSameFileEveryTime(t *testing.T) {
	dir := t.TempDir()
	if err := trainSmall(t).Save(dir); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(dir + "/spiece.model")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/small/spiece.model", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/small/spiece.model")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("training no longer gives testdata/small/spiece.model; if that is meant, run with -update")
	}
}

func TestATrainedVocabularyHasT5sLayout(t *testing.T) {
	tk := trainSmall(t)
	if got, want := tk.Tokens([]int{0, 1, 2}), []string{"<pad>", "</s>", "<unk>"}; !slices.Equal(got, want) {
		t.Errorf("first tokens %q, want %q", got, want)
	}
	if end, ok := tk.EOSID(); end != 1 || !ok || tk.PadID() != 0 || tk.UnknownID() != 2 {
		t.Errorf("end %d %v, pad %d, unknown %d", end, ok, tk.PadID(), tk.UnknownID())
	}
	if got := tk.Tokens([]int{tk.VocabSize() - 1, tk.VocabSize() - 100}); got[0] != "<extra_id_0>" || got[1] != "<extra_id_99>" {
		t.Errorf("last tokens %q", got)
	}
	if tk.VocabSize() != 300 {
		t.Errorf("%d ids, want 200 and 100 sentinels", tk.VocabSize())
	}
	const text = "The model reads a paper and writes a summary."
	if got := tk.Decode(tk.Encode(text, 0), true); got != text {
		t.Errorf("%q came back as %q", text, got)
	}
}

func TestTrainT5RefusesWhatItCannotLearn(t *testing.T) {
	ctx := context.Background()
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		text string
		size int
		want string
	}{
		{"a vocabulary smaller than the alphabet", ctx, "the quick brown fox jumps over the lazy dog", 12, "cannot hold the 27 characters"},
		{"a vocabulary larger than the texts give", ctx, "a b c a b c", 1000, "ask for fewer or bring more text"},
		{"no text", ctx, "", 10, "no words to learn from"},
		{"a context that has ended", cancelled, "a b c", 10, "context canceled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tokenize.TrainT5(c.ctx, slices.Values([]string{c.text}), c.size)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}
