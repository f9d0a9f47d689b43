package interp

import (
	"go/token"
	"strings"
)

// IsComplete says whether a source can be run as it is, could be if it went on, or is wrong already. The indent is what the
// next line of an incomplete one should begin with.
func IsComplete(source string) (state Completeness, indent string) {
	tokens, _, errs := lex([]byte(source))
	for _, err := range errs {
		switch err.Msg {
		case "comment not terminated", "raw string literal not terminated":
			return Incomplete, ""
		}
	}
	_, complaints := parse(token.NewFileSet(), Cell{Source: source})
	if len(complaints) == 0 {
		return Complete, ""
	}
	if len(errs) > 0 || offsetOf(source, complaints[0].Line, complaints[0].Column) < lastEnd(tokens) {
		return Invalid, ""
	}
	return Incomplete, strings.Repeat("\t", max(1, len(openBrackets(tokens))))
}

// lastEnd is the end of the last token that somebody wrote.
func lastEnd(tokens []lexeme) int {
	for i := len(tokens) - 1; i >= 0; i-- {
		t := tokens[i]
		switch {
		case t.tok == token.EOF || t.text == "\n":
		case t.tok.IsLiteral():
			return t.offset + len(t.text)
		default:
			return t.offset + len(t.tok.String())
		}
	}
	return 0
}

// openBrackets are the opening brackets that nothing closes.
func openBrackets(tokens []lexeme) []lexeme {
	var open []lexeme
	for _, t := range tokens {
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, t)
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
	}
	return open
}

// offsetOf is the place in the source that has the 1-based line and column.
func offsetOf(source string, line, column int) int {
	offset := 0
	for range line - 1 {
		i := strings.IndexByte(source[offset:], '\n')
		if i < 0 {
			return len(source)
		}
		offset += i + 1
	}
	return min(offset+column-1, len(source))
}
