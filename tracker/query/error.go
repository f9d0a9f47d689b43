package query

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong with a text, and where.
type Error struct {
	Text   string // the whole text
	Column int    // of the first character that is wrong, counted in characters from 1
	Why    string
	Advice string // what to write instead; may be empty
}

// Error gives the column and the reason on one line.
func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Why) }

// Hint says what to write instead, or nothing.
func (e *Error) Hint() string { return e.Advice }

// Caret gives two lines to print in a font of one width: the text, and a caret under the column.
func (e *Error) Caret() string {
	return oneLine(e.Text) + "\n" + strings.Repeat(" ", e.Column-1) + "^"
}

// newError makes the error at a byte of the text.
func newError(text string, offset int, advice, format string, args ...any) *Error {
	before := text[:min(max(offset, 0), len(text))]
	return &Error{Text: text, Column: utf8.RuneCountInString(before) + 1, Why: fmt.Sprintf(format, args...), Advice: advice}
}

// oneLine makes spaces of line breaks, which end an expression in Go, and of tabs; every byte keeps its place.
func oneLine(text string) string { return breaks.Replace(text) }

var breaks = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")
