package rouge_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"paperlab/lib/rouge"
	"paperlab/peers"
)

// askPeer gives lines to the live Python peer in one of make_golden.py's modes and returns its answers.
func askPeer(t *testing.T, mode string, lines []string) []string {
	t.Helper()
	peer := peers.Command(t, peers.Study, "testdata/make_golden.py", mode)
	peer.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	answers := strings.Split(strings.TrimSuffix(peers.Output(t, peer), "\n"), "\n")
	if len(answers) != len(lines) {
		t.Fatalf("the peer gave %d answers to %d lines", len(answers), len(lines))
	}
	return answers
}

// lengthOf is how many words a text of pair i has: mostly few, sometimes none, now and then very many.
func lengthOf(rng *rand.Rand, i int) int {
	switch {
	case i == 0:
		return 2000
	case i%700 == 0:
		return 500
	case rng.IntN(30) == 0:
		return 0
	}
	return 1 + rng.IntN(40)
}

func TestScoresEqualThoseOfTheLivePeer(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	pairs := make([][2]string, 5000)
	lines := make([]string, len(pairs))
	for i := range pairs {
		pairs[i] = [2]string{randomText(rng, lengthOf(rng, i)), randomText(rng, lengthOf(rng, i))}
		line, err := json.Marshal(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		lines[i] = string(line)
	}
	plain, stemmed := rouge.Scorer{}, rouge.Scorer{Stem: true}
	for i, answer := range askPeer(t, "score", lines) {
		var want [2]peerScores
		if err := json.Unmarshal([]byte(answer), &want); err != nil {
			t.Fatal(err)
		}
		reference, prediction := pairs[i][0], pairs[i][1]
		want[0].check(t, plain.Score(reference, prediction), 1e-12, reference, prediction)
		want[1].check(t, stemmed.Score(reference, prediction), 1e-12, reference, prediction)
	}
}

func TestStemsEqualThoseOfTheLivePeer(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	words := make([]string, 50_000)
	for i := range words {
		words[i] = randomWord(rng)
	}
	for i, want := range askPeer(t, "stem", words) {
		if got := rouge.Stem(words[i]); got != want {
			t.Errorf("Stem(%q) = %q, NLTK has %q", words[i], got, want)
		}
	}
}
