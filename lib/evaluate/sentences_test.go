package evaluate_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/evaluate"
)

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		name string
		text string // with | at each end
	}{
		{"plain sentences are split", "We train a model.| It works!| Does it scale?| Yes."},
		{"an empty text has none", ""},
		{"a text without marks is one", "no marks at all"},
		{"decimals stay whole", "The loss is 2.5 and falls to 1.25.| Accuracy is .99 then."},
		{"e.g. and i.e. stay whole", "Some models (e.g. T5, i.e. Transformers) win, e.g. BERT.| Others lose."},
		{"an abbreviation behind a bracket without a space", "We sample p(z)(e.g. Makhzani) here.| Done."},
		{"et al. before a year or a name of the citation", "Smith et al. (2019) and Liao et al. [3] agree.| So do we."},
		{"et al. at an end", "This follows Smith et al.| We extend it."},
		{"figures, equations and sections", "See Fig. 3, Figs. 4 and 5, Eq. (2), Sec. IV and Ref. [7].| Then stop."},
		{"no. before a number only", "It is no. 5 of p. 12.| The answer is no.| We go on."},
		{"months before a day", "Written on Oct. 4th.| We were there in May."},
		{"titles and initials", "Dr. A. B. Smith and J. R. R. Tolkien met Prof. Lee.| They talked."},
		{"a letter that names a thing", "Consider a graph G.| We prove a bound on X.| In it, nothing changes."},
		{"initialisms", "The U.S. Army and i.i.d. data differ.| It came from the U.S.| In 1990 it left."},
		{"closing quotes and brackets belong to their sentence", "He said \"stop.\"| (It was late.)| “Go on.”| So we did."},
		{"a lower-case word goes on", "The Yahoo! corpus and the ?- operator vs. others approx. equal etc. and more."},
		{"enumerators open sentences", "We show two things.| (ii) It is fast.| b) it is small."},
		{"line breaks are spaces", "A wrapped\n  abstract has one.| And\ttwo."},
		{"a blank line ends a sentence", "A heading\n\n| The text starts.\n \n\n| And ends."},
		{"lower-cased and spaced text", "the loss falls .| we stop ( see fig . 3 ) .| it is 2.5 , e.g. in @xcite .| done"},
		{"a full stop alone after nothing", ".| a"},
		{"formulas may open a sentence", "We find it.| $x$ is small.| \\emph{So} we stop."},
		{"three dots", "We wait...| Then we go.| It went … and came back."},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			for sentence := range strings.SplitSeq(c.text, "|") {
				if words := strings.Fields(sentence); len(words) > 0 {
					want = append(want, strings.Join(words, " "))
				}
			}
			got := evaluate.Sentences(strings.ReplaceAll(c.text, "|", ""))
			if !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

// TestSentencesOfRealAbstracts joins the sentences of SciTLDR's abstracts, which its authors had split, and finds them
// again. Boundaries of theirs behind a word without a mark are left out: that splitter had cut at colons and semicolons.
func TestSentencesOfRealAbstracts(t *testing.T) {
	root := os.Getenv("PAPERLAB_DATA")
	if root == "" {
		t.Skip("SKIPPED: set PAPERLAB_DATA to the data folder to compare with SciTLDR's sentences")
	}
	common, ours, theirs := 0, 0, 0
	for _, split := range []string{"train", "dev", "test"} {
		file, err := os.Open(filepath.Join(root, "scitldr", split+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for decoder := json.NewDecoder(bufio.NewReader(file)); decoder.More(); {
			var record struct{ Source []string }
			if err := decoder.Decode(&record); err != nil {
				t.Fatal(err)
			}
			words := strings.Fields(strings.Join(record.Source, " "))
			expected, found := ends(record.Source), ends(evaluate.Sentences(strings.Join(words, " ")))
			for end := range found {
				ours++
				if expected[end] {
					common++
				}
			}
			for end := range expected {
				if strings.ContainsAny(words[end-1], ".!?…") {
					theirs++
				}
			}
		}
	}
	precision, recall := float64(common)/float64(ours), float64(common)/float64(theirs)
	t.Logf("%d boundaries: precision %.4f, recall %.4f", theirs, precision, recall)
	if precision < 0.985 || recall < 0.985 {
		t.Errorf("precision %.4f and recall %.4f, want 0.985 of both", precision, recall)
	}
}

// ends returns the positions, in words, at which sentences end.
func ends(sentences []string) map[int]bool {
	found := map[int]bool{}
	words := 0
	for _, sentence := range sentences {
		words += len(strings.Fields(sentence))
		if words > 0 {
			found[words] = true
		}
	}
	return found
}

func FuzzSentences(f *testing.F) {
	f.Add("One e.g. two. Three (et al. Four).\n\nFive . six")
	f.Add("\xff. A… \u2028 B?! “c.” i) d")
	f.Fuzz(func(t *testing.T, text string) {
		sentences := evaluate.Sentences(text)
		if got, want := strings.Join(sentences, " "), strings.Join(strings.Fields(text), " "); got != want {
			t.Errorf("the words became %q, were %q", got, want)
		}
		for _, sentence := range sentences {
			if sentence == "" {
				t.Error("an empty sentence")
			}
		}
	})
}

func BenchmarkSentences(b *testing.B) {
	text := strings.Repeat("We propose a model (e.g. Fig. 3 of Smith et al. 2019). It reaches a loss of 2.5 on the test set. ", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		evaluate.Sentences(text)
	}
}
