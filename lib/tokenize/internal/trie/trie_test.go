package trie_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"paperlab/lib/tokenize/internal/trie"
)

func TestLongestFindsTheLongestKey(t *testing.T) {
	tr, err := trie.Build([]string{"a", "ab", "abcd", "", "é", "\x00", "\xff\xff"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text   string
		length int
		value  int32
	}{
		{"abc", 2, 1}, {"abcde", 4, 2}, {"ax", 1, 0}, {"x", 0, -1}, {"", 0, -1}, {"é!", 2, 4}, {"\x00a", 1, 5}, {"\xff\xff", 2, 6},
	} {
		if length, value := trie.Longest(tr, c.text); length != c.length || value != c.value {
			t.Errorf("Longest(%q) = %d, %d, want %d, %d", c.text, length, value, c.length, c.value)
		}
	}
}

func TestAKeyThatComesTwiceIsRefused(t *testing.T) {
	if _, err := trie.Build([]string{"x", "y", "x"}); err == nil || !strings.Contains(err.Error(), `"x" comes twice`) {
		t.Fatalf("error %v", err)
	}
}

func TestRandomKeysAreAllFoundAndNoOthers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	want := map[string]int32{}
	var keys []string
	for len(keys) < 20000 {
		k := make([]byte, 1+rng.IntN(6))
		for i := range k {
			k[i] = byte(rng.IntN(256))
			if rng.IntN(2) == 0 {
				k[i] %= 4
			}
		}
		if _, ok := want[string(k)]; !ok {
			want[string(k)] = int32(len(keys))
			keys = append(keys, string(k))
		}
	}
	tr, err := trie.Build(keys)
	if err != nil {
		t.Fatal(err)
	}
	find := func(key string) int32 {
		node := trie.Root
		for i := 0; i < len(key); i++ {
			if node = tr.Step(node, key[i]); node < 0 {
				return -1
			}
		}
		return tr.Value(node)
	}
	for k, v := range want {
		if got := find(k); got != v {
			t.Fatalf("key %q has value %d, want %d", k, got, v)
		}
		other := k + "\x02"
		if _, ok := want[other]; !ok && find(other) >= 0 {
			t.Fatalf("%q was found but is no key", other)
		}
	}
}

func BenchmarkBuild32000Keys(b *testing.B) {
	keys := make([]string, 32000)
	for i := range keys {
		keys[i] = fmt.Sprintf("▁%x", i*7919)
	}
	for b.Loop() {
		if _, err := trie.Build(keys); err != nil {
			b.Fatal(err)
		}
	}
}
