package interp

import (
	"bytes"
	"go/scanner"
	"go/token"
)

// pieces is a cell's source in two parts that Go's parser can read: what only a file may hold and what only a function's
// body may hold. Both parts are as long as the source, with blanks for what stands in the other part, so that an offset
// in them is one in the source.
type pieces struct {
	file   []byte // import, func and method declarations
	body   []byte // statements; const, type and var declarations
	silent bool   // the source ends in a semicolon that somebody wrote
	errors scanner.ErrorList
}

// lexeme is a token of a cell. Semicolons that Go inserts are among them.
type lexeme struct {
	offset int
	tok    token.Token
	text   string
}

// lex reads a source's tokens, the last of them EOF. Comments come apart.
func lex(source []byte) (tokens, comments []lexeme, errs scanner.ErrorList) {
	file := token.NewFileSet().AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(file, source, func(pos token.Position, msg string) { errs.Add(pos, msg) }, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		l := lexeme{file.Offset(pos), tok, text}
		if tok == token.COMMENT {
			comments = append(comments, l)
			continue
		}
		tokens = append(tokens, l)
		if tok == token.EOF {
			return tokens, comments, errs
		}
	}
}

// split tells a cell's parts apart. It looks at the tokens that begin a statement and counts brackets; all else is left to
// the parser. Errors are those of the scanner, and a closing bracket that nothing opened.
func split(source []byte) pieces {
	tokens, comments, errs := lex(source)
	p := pieces{file: blank(source), body: bytes.Clone(source), errors: errs}
	for i := 0; i < len(tokens); {
		end, stray := statementEnd(tokens, i)
		if stray >= 0 {
			p.errors.Add(position(source, tokens[stray].offset), "expected statement, found '"+tokens[stray].tok.String()+"'")
			break
		}
		from, to := tokens[i].offset, tokens[end].offset
		if tokens[end].text == ";" {
			to++
		}
		switch {
		case i == 0 && tokens[0].tok == token.PACKAGE && tokens[1].tok == token.IDENT:
			copy(p.body[from:to], blank(source[from:to]))
		case startsDeclaration(tokens[i:]):
			copy(p.file[from:to], source[from:to])
			copy(p.body[from:to], blank(source[from:to]))
		}
		if tokens[end].tok == token.EOF {
			break
		}
		p.silent = tokens[end].text == ";" && tokens[end+1].tok == token.EOF
		i = end + 1
	}
	for _, c := range comments { // the parser finds doc comments itself, in whichever part the declaration stands
		text := source[c.offset : c.offset+commentLength(source[c.offset:])]
		copy(p.file[c.offset:], text)
		copy(p.body[c.offset:], text)
	}
	return p
}

// statementEnd returns the index of the semicolon, or EOF, that ends the statement at tokens[i]; stray, unless negative, is
// that of a closing bracket that nothing opened.
func statementEnd(tokens []lexeme, i int) (end, stray int) {
	depth := 0
	for ; ; i++ {
		switch tokens[i].tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth < 0 {
				return i, i
			}
		case token.SEMICOLON:
			if depth == 0 {
				return i, -1
			}
		case token.EOF:
			return i, -1
		}
	}
}

// startsDeclaration says whether the tokens begin with an import or with a function that has a name. A function literal has
// none: func (x int) string { ... } looks like a method up to the brace.
func startsDeclaration(tokens []lexeme) bool {
	if tokens[0].tok == token.IMPORT {
		return true
	}
	if tokens[0].tok != token.FUNC {
		return false
	}
	if tokens[1].tok != token.LPAREN {
		return tokens[1].tok == token.IDENT
	}
	depth := 0
	for i, t := range tokens {
		switch t.tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			if depth--; depth == 0 {
				return i+2 < len(tokens) && tokens[i+1].tok == token.IDENT && tokens[i+2].tok == token.LPAREN
			}
		}
	}
	return false
}

// blank replaces all but line ends by blanks.
func blank(source []byte) []byte {
	out := bytes.Repeat([]byte{' '}, len(source))
	for i, b := range source {
		if b == '\n' {
			out[i] = b
		}
	}
	return out
}

// commentLength is that of the comment at the start of the source. The scanner's text of it lacks carriage returns.
func commentLength(source []byte) int {
	end, skip := []byte("\n"), 0
	if bytes.HasPrefix(source, []byte("/*")) {
		end, skip = []byte("*/"), 2
	}
	if i := bytes.Index(source[skip:], end); i >= 0 {
		return skip + i + skip
	}
	return len(source)
}

// position is the place of an offset in the source.
func position(source []byte, offset int) token.Position {
	line := bytes.Count(source[:offset], []byte("\n"))
	start := bytes.LastIndexByte(source[:offset], '\n') + 1
	return token.Position{Offset: offset, Line: line + 1, Column: offset - start + 1}
}
