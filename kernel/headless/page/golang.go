package page

import (
	"go/doc"
	"go/scanner"
	"go/token"
	"html"
	"strings"
)

// writeGo writes Go as HTML, its tokens in spans of the classes hl-k (keywords), hl-s (texts), hl-n (numbers), hl-c
// (comments), hl-b (predeclared names), hl-f (what is called) and hl-m (lines of the kernel's own commands). Source that
// is not Go comes out as well as it can.
func writeGo(b *strings.Builder, source string) {
	source = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(source)
	if strings.HasPrefix(source, "%%writefile") || strings.HasPrefix(source, "%%bash") {
		command, rest, _ := strings.Cut(source, "\n")
		span(b, "hl-m", command)
		b.WriteString("\n" + html.EscapeString(rest))
		return
	}
	var code strings.Builder // since the last command
	for line := range strings.Lines(source) {
		if !isCommand(line) {
			code.WriteString(line)
			continue
		}
		writeTokens(b, code.String())
		code.Reset()
		text := strings.TrimSuffix(line, "\n")
		span(b, "hl-m", text)
		b.WriteString(line[len(text):])
	}
	writeTokens(b, code.String())
}

// isCommand says whether a line is for the kernel or the shell, not Go.
func isCommand(line string) bool {
	return line[0] == '%' || line[0] == '!' && !strings.HasPrefix(line, "!=") || strings.HasPrefix(line, "$ ") || strings.HasPrefix(line, ":help")
}

// writeTokens writes pure Go.
func writeTokens(b *strings.Builder, source string) {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(source))
	s.Init(file, []byte(source), nil, scanner.ScanComments)
	written := 0
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			break
		}
		start := file.Offset(pos)
		if literal == "" || literal == "\n" { // an operator, or a semicolon that is not in the source
			continue
		}
		end := min(start+len(literal), len(source))
		if start < written || start >= end {
			continue
		}
		b.WriteString(html.EscapeString(source[written:start]))
		span(b, classOf(tok, literal, source[end:]), source[start:end])
		written = end
	}
	b.WriteString(html.EscapeString(source[written:]))
}

// classOf tells how a token is colored; rest is the source behind it.
func classOf(tok token.Token, literal, rest string) string {
	switch {
	case tok.IsKeyword():
		return "hl-k"
	case tok == token.STRING, tok == token.CHAR:
		return "hl-s"
	case tok == token.INT, tok == token.FLOAT, tok == token.IMAG:
		return "hl-n"
	case tok == token.COMMENT:
		return "hl-c"
	case tok == token.IDENT && doc.IsPredeclared(literal):
		return "hl-b"
	case tok == token.IDENT && strings.HasPrefix(rest, "("):
		return "hl-f"
	}
	return ""
}

// span writes text in a span, or plain if the class is empty.
func span(b *strings.Builder, class, text string) {
	if class == "" {
		b.WriteString(html.EscapeString(text))
		return
	}
	b.WriteString(`<span class="` + class + `">` + html.EscapeString(text) + "</span>")
}
