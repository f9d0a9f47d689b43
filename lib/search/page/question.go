package page

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"paperlab/lib/search"
)

// What a question goes by.
const (
	byMeaning = "meaning"
	byWords   = "words"
	byBoth    = "both"
)

// The limits of a question.
const (
	maxQuery = 1000 // characters
	maxHits  = 100
	topHits  = 10 // unless k says otherwise
)

// question is what is asked.
type question struct {
	text  string
	like  string // ID of a paper that others shall be like, in place of a text; empty: none
	by    string
	query search.Query // without its vector and words
}

// readQuestion reads the parameters of a request. Its error tells which is wrong.
func readQuestion(v url.Values) (question, error) {
	q := question{text: strings.TrimSpace(valid(v.Get("q"))), like: v.Get("like"), by: cmp.Or(v.Get("by"), byMeaning)}
	q.query.Filter.Category = valid(v.Get("category"))
	switch {
	case q.text == "" && q.like == "":
		return q, wrong("q", "what is asked is missing: q, or like with the ID of a paper")
	case q.text != "" && q.like != "":
		return q, wrong("like", "like stands in place of q: give one of them")
	case utf8.RuneCountInString(q.text) > maxQuery:
		return q, wrong("q", fmt.Sprintf("the query has %d characters: ask with %d at most", utf8.RuneCountInString(q.text), maxQuery))
	case q.by != byMeaning && q.by != byWords && q.by != byBoth:
		return q, wrong("by", "by is meaning, words or both")
	}
	for _, n := range []struct {
		name                   string
		value                  *int
		absent, least, largest int
	}{
		{"k", &q.query.K, topHits, 1, maxHits},
		{"from", &q.query.Filter.From, 0, 0, 9999},
		{"to", &q.query.Filter.To, 0, 0, 9999},
	} {
		*n.value = n.absent
		text := strings.TrimSpace(v.Get(n.name))
		if text == "" {
			continue
		}
		value, err := strconv.Atoi(text)
		if err != nil || value < n.least || value > n.largest {
			return q, wrong(n.name, fmt.Sprintf("%s is a number from %d to %d", n.name, n.least, n.largest))
		}
		*n.value = value
	}
	if f := q.query.Filter; f.To > 0 && f.To < f.From {
		return q, wrong("to", fmt.Sprintf("no paper is from %d on and up to %d", f.From, f.To))
	}
	return q, nil
}

// valid replaces each invalid byte of a text by U+FFFD.
func valid(text string) string { return string([]rune(text)) }

func wrong(field, why string) error { return &refusal{http.StatusBadRequest, field, why} }
