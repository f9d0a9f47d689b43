package rouge_test

import (
	"strings"
	"testing"

	"paperlab/lib/rouge"
)

func TestStemKeepsToEveryRuleOfNLTK(t *testing.T) {
	for _, c := range []struct {
		rule  string
		stems map[string]string
	}{
		{"irregular forms are looked up", map[string]string{
			"sky": "sky", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news",
			"innings": "inning", "inning": "inning", "outings": "outing", "outing": "outing", "cannings": "canning",
			"canning": "canning", "howe": "howe", "proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
		}},
		{"words of one or two letters stay", map[string]string{"": "", "s": "s", "as": "as", "is": "is", "by": "by"}},
		{"four letters with ies or ied keep the e", map[string]string{
			"dies": "die", "ties": "tie", "died": "die", "tied": "tie", "flies": "fli", "spied": "spi", "ied": "i",
		}},
		{"plurals lose their s", map[string]string{
			"caresses": "caress", "ponies": "poni", "caress": "caress", "cats": "cat", "gas": "ga",
		}},
		{"eed becomes ee after a syllable", map[string]string{"feed": "feed", "agreed": "agre"}},
		{"ed and ing go where a vowel stays", map[string]string{
			"plastered": "plaster", "bled": "bled", "motoring": "motor", "sing": "sing", "ing": "ing",
		}},
		{"the e comes back after at, bl, iz and short syllables", map[string]string{
			"conflated": "conflat", "troubled": "troubl", "sized": "size", "filing": "file", "failing": "fail",
		}},
		{"a word of vowel and consonant counts as a short syllable", map[string]string{"using": "use", "aping": "ape"}},
		{"double consonants are halved but for l, s and z", map[string]string{
			"hopping": "hop", "tanned": "tan", "falling": "fall", "hissing": "hiss", "fizzed": "fizz",
		}},
		{"y becomes i after a consonant that is not the first letter", map[string]string{
			"happy": "happi", "enjoy": "enjoy", "enjoyment": "enjoy", "spy": "spi", "fly": "fli", "try": "tri", "bys": "by",
		}},
		{"double suffixes are shortened", map[string]string{
			"relational": "relat", "conditional": "condit", "rational": "ration", "valency": "valenc",
			"hesitancy": "hesit", "digitizer": "digit", "conformably": "conform", "differently": "differ",
			"vilely": "vile", "analogously": "analog", "vietnamization": "vietnam", "predication": "predic",
			"operator": "oper", "feudalism": "feudal", "decisiveness": "decis", "hopefulness": "hope",
			"callousness": "callous", "formality": "formal", "sensitivity": "sensit", "sensibility": "sensibl",
		}},
		{"bli is a suffix, with and without an a", map[string]string{"possibly": "possibl", "noticeably": "notic"}},
		{"alli is taken first and the rest goes round again", map[string]string{
			"radically": "radic", "operationally": "oper", "nationally": "nation", "ally": "alli", "really": "realli",
		}},
		{"fulli becomes ful", map[string]string{"hopefully": "hope", "beautifully": "beauti", "fully": "fulli"}},
		{"the l of logi belongs to the stem", map[string]string{
			"geology": "geolog", "theology": "theolog", "archaeology": "archaeolog", "logy": "logi", "apology": "apolog",
		}},
		{"step 3 strips ic, ful and ness", map[string]string{
			"triplicate": "triplic", "formative": "form", "formalize": "formal", "electricity": "electr",
			"electrical": "electr", "hopeful": "hope", "goodness": "good",
		}},
		{"step 4 strips what stands after two syllables", map[string]string{
			"revival": "reviv", "allowance": "allow", "inference": "infer", "airliner": "airlin", "gyroscopic": "gyroscop",
			"adjustable": "adjust", "defensible": "defens", "irritant": "irrit", "replacement": "replac",
			"adjustment": "adjust", "dependent": "depend", "adoption": "adopt", "homologou": "homolog",
			"communism": "commun", "activate": "activ", "angularity": "angular", "homologous": "homolog",
			"effective": "effect", "bowdlerize": "bowdler",
		}},
		{"ion goes after s and t only", map[string]string{"adhesion": "adhes", "companion": "companion", "onion": "onion"}},
		{"a final e goes unless the stem is short", map[string]string{"probate": "probat", "rate": "rate", "cease": "ceas"}},
		{"ll becomes l in long words", map[string]string{"controll": "control", "roll": "roll", "install": "instal"}},
		{"every other y of a run is a vowel", map[string]string{"yyyyying": "yyyi", "syzygy": "syzygi"}},
		{"digits are consonants", map[string]string{"3ding": "3ding", "2ation": "2ation", "covid19s": "covid19"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			for word, want := range c.stems {
				if got := rouge.Stem(word); got != want {
					t.Errorf("Stem(%q) = %q, want %q", word, got, want)
				}
			}
		})
	}
}

func TestStemOfAnEndlessWordEnds(t *testing.T) {
	word := strings.Repeat("y", 1<<20)
	if got := rouge.Stem(word); len(got) != len(word) {
		t.Errorf("a word of %d y became one of %d letters", len(word), len(got))
	}
}
