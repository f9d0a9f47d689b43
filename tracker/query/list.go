package query

import (
	"go/scanner"
	"go/token"
	"strconv"
	"strings"
)

// piece is one of the expressions of a list: the words that stand between two bytes of the text.
type piece struct {
	from, to int
	words    []word
}

// split takes a list apart at the commas that stand in no brackets.
func split(text string) ([]piece, error) {
	if len(text) > maxText {
		return nil, newError(text, maxText, "", "the text is %d bytes long, at most %d are read", len(text), maxText)
	}
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var pieces []piece
	var words []word
	depth, from := 0, 0
	for _, w := range scan(text) {
		switch w.token {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
		if w.token == token.COMMA && depth == 0 {
			pieces = append(pieces, piece{from, w.offset, words})
			from, words = w.offset+1, nil
			continue
		}
		words = append(words, w)
	}
	return append(pieces, piece{from, len(text), words}), nil
}

// word is a token and where it stands.
type word struct {
	token  token.Token
	text   string
	offset int
}

func scan(text string) (words []word) {
	source := []byte(oneLine(text))
	file := token.NewFileSet().AddFile("", -1, len(source))
	var s scanner.Scanner
	// What is no token is an error of the expression in which it stands.
	s.Init(file, source, func(token.Position, string) {}, 0)
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			return words
		}
		if tok != token.SEMICOLON || literal == ";" {
			words = append(words, word{tok, literal, file.Offset(pos)})
		}
	}
}

// titled takes the title off a piece: what follows "as", or else the expression itself.
func (p piece) titled(text string) (title string, expression piece) {
	if n := len(p.words); n > 2 && p.words[n-2].token == token.IDENT && p.words[n-2].text == "as" {
		expression = piece{from: p.from, to: p.words[n-2].offset}
		switch last := p.words[n-1]; last.token {
		case token.IDENT:
			return last.text, expression
		case token.STRING:
			if title, err := strconv.Unquote(last.text); err == nil {
				return title, expression
			}
		}
	}
	return strings.TrimSpace(text[p.from:p.to]), p
}
