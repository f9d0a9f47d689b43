package corpus

import (
	"iter"
	"regexp"
	"strings"
)

// What LaTeX left in the texts of scientific_papers and unarXive, one or several in a row, with the blanks before it and a hyphen
// behind it, which unarXive has between a blank and a letter; and the brackets that are empty once it is gone.
var (
	leftover    = regexp.MustCompile(`\s*(?:@x(?:math\d*|cite)|\[(?:figure|table)\])(?:\s*,?\s*@x(?:math\d*|cite))*(?:-| -\pL)?`)
	emptyParens = regexp.MustCompile(`\s*\(\s*[,;.\s]*\)|\s*\[\s*[,;.\s]*\]`)
)

// CleanLatex takes out of a text what LaTeX left in it: @xmath0, @xcite, [figure], [table], and the brackets that are empty without them.
// The study keeps them all.
func CleanLatex(text string) string {
	if !strings.Contains(text, "@x") && !strings.Contains(text, "[figure]") && !strings.Contains(text, "[table]") {
		return text
	}
	text = leftover.ReplaceAllStringFunc(text, func(match string) string {
		switch {
		case strings.HasPrefix(match, "\n"):
			return "\n" // lines stay apart
		case strings.HasSuffix(match, "-"):
			return " " // the @xmath1-pole: the pole
		}
		if i := strings.LastIndex(match, " -"); i >= 0 {
			return " " + match[i+len(" -"):] // the @xmath1 -pole
		}
		return ""
	})
	return emptyParens.ReplaceAllString(text, "")
}

// Cleaned returns a sequence of papers with articles and abstracts as [CleanLatex] leaves them.
func Cleaned(papers iter.Seq2[Paper, error]) iter.Seq2[Paper, error] {
	return func(yield func(Paper, error) bool) {
		for p, err := range papers {
			p.Article, p.Abstract = CleanLatex(p.Article), CleanLatex(p.Abstract)
			if !yield(p, err) {
				return
			}
		}
	}
}
