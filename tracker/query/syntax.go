package query

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
	"unicode"
)

const (
	maxText  = 16 << 10 // bytes
	maxDepth = 500      // of brackets, and of operands joined in a row
)

// parse compiles what stands between two bytes of the text.
func (c *compiler) parse(from, to int) (node, error) {
	if len(c.text) > maxText {
		return node{}, newError(c.text, maxText, "", "the text is %d bytes long, at most %d are read", len(c.text), maxText)
	}
	source := oneLine(c.text[from:to])
	if strings.TrimSpace(source) == "" {
		return node{}, newError(c.text, from, "", "there should be an expression here")
	}
	c.base, c.files = from, token.NewFileSet()
	expression, err := parser.ParseExprFrom(c.files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return node{}, c.explain(source, err)
	}
	return c.compile(expression)
}

// offset is the byte of the text at which part of it begins.
func (c *compiler) offset(pos token.Pos) int { return c.base + c.files.Position(pos).Offset }

// fail makes the error at part of the text.
func (c *compiler) fail(at ast.Node, advice, format string, args ...any) error {
	return newError(c.text, c.offset(at.Pos()), advice, format, args...)
}

// explain turns an error of Go's parser into one for those who do not know Go.
func (c *compiler) explain(source string, err error) error {
	var list scanner.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return newError(c.text, c.base, "", "%v", err)
	}
	at := min(list[0].Pos.Offset, len(source))
	why := list[0].Msg
	word := wordAt(source[at:])
	advice := ""
	switch {
	case strings.Contains(why, "rune literal") || strings.HasPrefix(word, "'"):
		why, advice = "text stands in double quotes", `write "finished", not 'finished'`
	case word == "=":
		why, advice = "= does not compare", "write =="
	case word == "<-":
		why, advice = "<- is an arrow in Go", "write < -"
	case token.IsKeyword(word):
		why, advice = word+" is a keyword of Go", fmt.Sprintf("write %s[%q]", before(source[:at]), word)
	case strings.EqualFold(word, "and"):
		advice = "write &&"
	case strings.EqualFold(word, "or"):
		advice = "write ||"
	case strings.HasPrefix(why, "expected 'EOF'"):
		why = "there should be an operator before " + word
	case strings.Contains(why, "found newline") || strings.Contains(why, "found 'EOF'"):
		at, why = len(strings.TrimRight(source, " ")), "the expression is not complete"
	}
	if advice == "write &&" || advice == "write ||" {
		why = word + " is no operator"
	}
	return newError(c.text, c.base+at, advice, "%s", why)
}

// before returns the path whose next key is wrong: "params.model" of "x < params.model.".
func before(source string) string {
	path := strings.TrimRight(strings.TrimRight(source, " "), ".")
	return path[strings.LastIndexFunc(path, func(r rune) bool { return r != '.' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })+1:]
}

// wordAt returns the first token of a source.
func wordAt(source string) string {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	s.Init(file, []byte(source), func(token.Position, string) {}, 0)
	_, tok, literal := s.Scan()
	if literal == "" {
		return tok.String()
	}
	return literal
}
