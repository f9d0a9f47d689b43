package session

import (
	"errors"
	"fmt"
	"strings"

	"paperlab/kernel/interp"
	"paperlab/kernel/wire"
)

// The colors of a traceback, as IPython has them.
const (
	red   = "\x1b[31m"
	green = "\x1b[32m"
	cyan  = "\x1b[36m"
	plain = "\x1b[0m"
)

// maxFrames is how many calls of a panic are shown.
const maxFrames = 20

// Explain words the error of a cell for its reader: with the lines of the notebook that it is about, or with its hint if it
// has a method Hint() string.
func (s *Session) Explain(err error) wire.Error {
	var compile *interp.CompileError
	var panicked *interp.PanicError
	var interrupted *interp.Interrupted
	switch {
	case errors.As(err, &compile):
		return s.explainCompile(compile)
	case errors.As(err, &panicked):
		return s.explainPanic(panicked)
	case errors.As(err, &interrupted):
		return explain("Interrupted", interrupted.Error())
	}
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		return explain("Error", err.Error()+" ("+hinted.Hint()+")")
	}
	return explain("Error", err.Error())
}

// explain is an error that is about no line.
func explain(name, value string, more ...string) wire.Error {
	return wire.Error{Name: name, Value: value, Traceback: append([]string{red + name + plain + ": " + value}, more...)}
}

func (s *Session) explainCompile(err *interp.CompileError) wire.Error {
	var lines []string
	for i, d := range err.Diagnostics {
		title := fmt.Sprintf("%sIn[%d]:%d:%d%s: %s", cyan, d.Cell, d.Line, d.Column, plain, d.Message)
		if i == 0 {
			title = red + "CompileError" + plain + ": " + title
		}
		text := d.Text
		if text == "" {
			text = s.line(d.Cell, d.Line)
		}
		lines = append(append(lines, title), quote(d.Line, d.Column, text)...)
		if i == 0 && strings.IndexAny(strings.TrimSpace(text), "%$!?") == 0 {
			lines = append(lines, "Magics stand at the head of a cell, in front of its code.")
		}
	}
	return wire.Error{Name: "CompileError", Value: err.Error(), Traceback: lines}
}

func (s *Session) explainPanic(err *interp.PanicError) wire.Error {
	value := fmt.Sprint(err.Value)
	var lines []string
	for i, f := range err.Frames {
		if i == maxFrames {
			lines = append(lines, fmt.Sprintf("... and %d calls more", len(err.Frames)-i))
			break
		}
		place := fmt.Sprintf("%sIn[%d]:%d%s", cyan, f.Cell, f.Line, plain)
		if f.Function != "" && !strings.HasPrefix(f.Function, "In[") { // the cell's own statements are in no function
			place += " in " + green + f.Function + plain
		}
		lines = append(append(lines, place), quote(f.Line, f.Column, s.line(f.Cell, f.Line))...)
	}
	return explain("panic", value, lines...)
}

// line returns a line of a cell, or nothing.
func (s *Session) line(cell, line int) string {
	lines := strings.Split(s.source(cell), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return lines[line-1]
}

// quote shows a line with its number and, under its column, a caret. The column counts bytes from 1; 0 is none.
func quote(line, column int, text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	text = strings.TrimRight(text, "\r\n")
	quoted := fmt.Sprintf("%s%5d |%s %s", green, line, plain, text)
	if column < 1 || column > len(text)+1 {
		return []string{quoted}
	}
	// Tabs stay tabs, so that the caret stands under its column however wide they are.
	indent := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, text[:column-1])
	return []string{quoted, fmt.Sprintf("%s      |%s %s%s^%s", green, plain, indent, red, plain)}
}
