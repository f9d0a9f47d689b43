package mlflow

import (
	"fmt"
	"strings"
	"unicode"
)

// scan takes a filter apart: words and quoted names, which may be joined by points, values, operators, punctuation.
func scan(text string) (tokens []string, err error) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		var n int
		switch {
		case strings.HasPrefix(text, "<=") || strings.HasPrefix(text, ">=") || strings.HasPrefix(text, "!="):
			n = 2
		case strings.ContainsRune("=<>(),", rune(text[0])):
			n = 1
		default:
			if n, err = scanWord(text); err != nil {
				return nil, err
			}
		}
		tokens = append(tokens, text[:n])
		text = text[n:]
	}
	return tokens, nil
}

func scanWord(text string) (int, error) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case strings.ContainsRune("'\"`", rune(c)):
			end, err := endOfQuote(text, i)
			if err != nil {
				return 0, err
			}
			// A name may go on behind a point; a value ends here.
			if i = end; !strings.HasPrefix(text[i+1:], ".") {
				return i + 1, nil
			}
		case unicode.IsSpace(rune(c)) || strings.ContainsRune("=!<>(),", rune(c)):
			if i == 0 {
				return 0, invalid("Invalid clause(s) in filter string: '%.20s'", text)
			}
			return i, nil
		}
	}
	return len(text), nil
}

// endOfQuote finds the quote that closes the one at begin; a doubled one does not.
func endOfQuote(text string, begin int) (int, error) {
	for i := begin + 1; i < len(text); i++ {
		if text[i] != text[begin] {
			continue
		}
		if i+1 == len(text) || text[i+1] != text[begin] {
			return i, nil
		}
		i++
	}
	return 0, invalid("Invalid filter: the quote is not closed in %s", fmt.Sprintf("%.40s", text[begin:]))
}

func isOperator(token string) bool { return strings.ContainsAny(token[:1], "=!<>(),") }

func isQuoted(token string) bool {
	return len(token) >= 2 && strings.ContainsAny(token[:1], `'"`) && token[len(token)-1] == token[0]
}

// unquote takes the quotes off a name or value that has some.
func unquote(token string) string {
	if len(token) < 2 || !strings.ContainsAny(token[:1], "'\"`") || token[len(token)-1] != token[0] {
		return token
	}
	quote := token[:1]
	return strings.ReplaceAll(token[1:len(token)-1], quote+quote, quote)
}
