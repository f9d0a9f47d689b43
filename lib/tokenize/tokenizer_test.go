package tokenize_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"paperlab/lib/tokenize"
)

// eachSmall runs a test on all small tokenizers.
func eachSmall(t *testing.T, test func(t *testing.T, tk *tokenize.Tokenizer)) {
	for name, files := range smallTokenizers {
		t.Run(name, func(t *testing.T) { test(t, load(t, files)) })
	}
}

const long = "We train a small model, and </s> the <extra_id_1> [MASK] papers ☃☃ it reads are naïve…  "

func TestCutTextsAreTheBeginningOfWholeOnes(t *testing.T) {
	eachSmall(t, func(t *testing.T, tk *tokenize.Tokenizer) {
		text := strings.Repeat(long, 50)
		whole := tk.Encode(text, 0)
		for _, n := range []int{1, 2, 3, 4, 7, 20, 100, len(whole) - 1, len(whole), len(whole) + 1} {
			ids := tk.Encode(text, n)
			if len(ids) != min(n, len(whole)) {
				t.Errorf("%d ids of %d for a maximum of %d", len(ids), len(whole), n)
				continue
			}
			if last := len(ids) - 1; !slices.Equal(ids[:last], whole[:last]) {
				t.Errorf("maximum %d: ids %v, want the beginning of %v", n, ids, whole[:last])
			}
			if want := whole[len(whole)-1]; n > 1 && ids[len(ids)-1] != want {
				t.Errorf("maximum %d: the last id is %d, want %d", n, ids[len(ids)-1], want)
			}
		}
	})
}

func TestInvalidBytesCountAsReplacementCharacters(t *testing.T) {
	eachSmall(t, func(t *testing.T, tk *tokenize.Tokenizer) {
		for bad, good := range map[string]string{
			"\xff":                      "\ufffd",
			"a\xe2\x96 b\x80":           "a\ufffd\ufffd b\ufffd",
			"papers \xed\xa0\x80 model": "papers \ufffd\ufffd\ufffd model",
			"\xf0\x9f\x91</s>\xc3":      "\ufffd\ufffd\ufffd</s>\ufffd",
		} {
			if got, want := tk.Encode(bad, 0), tk.Encode(good, 0); !slices.Equal(got, want) {
				t.Errorf("%q gives %v, %q gives %v", bad, got, good, want)
			}
		}
	})
}

func TestIDsWithoutATokenAreLeftOut(t *testing.T) {
	eachSmall(t, func(t *testing.T, tk *tokenize.Tokenizer) {
		ids := tk.Encode("a paper", 0)
		odd := slices.Concat([]int{-1}, ids, []int{tk.VocabSize(), 1 << 40})
		if got, want := tk.Decode(odd, false), tk.Decode(ids, false); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got := tk.Tokens([]int{-1, tk.VocabSize()}); got[0] != "" || got[1] != "" {
			t.Errorf("tokens %q of ids that are none", got)
		}
		if got := tk.Decode(nil, false); got != "" {
			t.Errorf("no ids decode to %q", got)
		}
	})
}

func TestEncodeBatchKeepsTheOrder(t *testing.T) {
	eachSmall(t, func(t *testing.T, tk *tokenize.Tokenizer) {
		var texts []string
		for i := range 300 {
			texts = append(texts, strings.Repeat("paper ", i)+long[:i%len("We train a small model")])
		}
		got, err := tk.EncodeBatch(context.Background(), texts, 50)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			if want := tk.Encode(text, 50); !slices.Equal(got[i], want) {
				t.Fatalf("text %d: %v, want %v", i, got[i], want)
			}
		}
	})
}

func TestEncodeBatchStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := load(t, smallTokenizers["bert"]).EncodeBatch(ctx, []string{"a"}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestKinds(t *testing.T) {
	bert, t5 := load(t, smallTokenizers["bert"]), load(t, smallTokenizers["t5 fast"])
	if _, ok := bert.EOSID(); ok || bert.Kind().String() != "BERT" || bert.PadID() != 0 || bert.UnknownID() != 1 || bert.VocabSize() != 176 {
		t.Errorf("%v with an end %v, pad %d, unknown %d, size %d", bert.Kind(), ok, bert.PadID(), bert.UnknownID(), bert.VocabSize())
	}
	if end, ok := t5.EOSID(); !ok || end != 1 || t5.Kind().String() != "T5" || t5.PadID() != 0 || t5.UnknownID() != 2 || t5.VocabSize() != 300 {
		t.Errorf("%v with the end %d %v, pad %d, unknown %d, size %d", t5.Kind(), end, ok, t5.PadID(), t5.UnknownID(), t5.VocabSize())
	}
}

func FuzzEncodeDecode(f *testing.F) {
	var all []*tokenize.Tokenizer
	for _, files := range smallTokenizers {
		all = append(all, load(f, files))
	}
	f.Add(long, 7)
	f.Add("▁ \x00\xff\ufffd </s><pad> e\u0301 \r\n 論文", 0)
	f.Fuzz(func(t *testing.T, text string, maxLength int) {
		for _, tk := range all {
			whole := tk.Encode(text, 0)
			for _, id := range whole {
				if id < 0 || id >= tk.VocabSize() {
					t.Fatalf("id %d of %d", id, tk.VocabSize())
				}
			}
			cut := tk.Encode(text, maxLength)
			if maxLength > 0 && len(cut) > maxLength || len(cut) > 0 && !slices.Equal(cut[:len(cut)-1], whole[:len(cut)-1]) {
				t.Fatalf("cut to %d: %v of %v", maxLength, cut, whole)
			}
			if !utf8.ValidString(text) {
				valid := string([]rune(text))
				if got := tk.Encode(valid, 0); !slices.Equal(got, whole) {
					t.Fatalf("%q gives %v, %q gives %v", text, whole, valid, got)
				}
			}
			if decoded := tk.Decode(whole, false); !utf8.ValidString(decoded) {
				t.Fatalf("decoded text %q is no valid UTF-8", decoded)
			}
			tk.Decode(cut, true)
		}
	})
}
