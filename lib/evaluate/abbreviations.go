package evaluate

import "strings"

// abbreviation says where in a sentence an abbreviation can stand.
type abbreviation int

const (
	neverLast     abbreviation = iota + 1 // its full stop ends no sentence
	beforeNumber                          // an abbreviation only before a number, else a word
	sometimesLast                         // ends a sentence where a capital follows
)

var abbreviations = listed(map[abbreviation]string{
	neverLast: "e.g i.e eg ie cf vs viz fig figs eq eqs eqn eqns ref refs sec secs sect thm def defn lem prop cor resp approx ca " +
		"dr prof mr mrs ms mt phys rev lett astron astrophys proc trans acad natl soc ph.d ed eds vol vols",
	beforeNumber:  "no nos p pp ch art ex tab app jan feb mar apr jun jul aug sep sept oct nov dec",
	sometimesLast: "al etc inc ltd co corp jr sr dept univ",
})

// sentenceOpeners are words that follow a letter used as a name more often than they are the surname after an initial.
var sentenceOpeners = func() map[string]bool {
	openers := map[string]bool{}
	for _, word := range strings.Fields("A All Also Although An And As At Based Because Both But By Each Experiments Finally First For " +
		"From Furthermore Given Here However If In It Its Let Moreover More Next No Note On One Our Since So Some Such Suppose " +
		"Then That The Their There These They This Those Thus To Two Under Unlike Using We What When Where While With") {
		openers[word] = true
	}
	return openers
}()

func listed(lists map[abbreviation]string) map[string]abbreviation {
	all := map[string]abbreviation{}
	for kind, words := range lists {
		for _, word := range strings.Fields(words) {
			all[word] = kind
		}
	}
	return all
}
