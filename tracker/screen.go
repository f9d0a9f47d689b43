package tracker

import (
	"strconv"
	"strings"
	"unicode"
)

// Screen returns the lines that a terminal of unlimited height would show after a run wrote these pieces to it, both streams
// together: carriage returns, backspaces, tabs, and the sequences that move the cursor or erase (ECMA-48) have done
// their work, so that of a progress bar its last state is left; colours and all other sequences are gone. Every
// character is taken to be one column wide. Spaces at the ends of lines are dropped.
func Screen(chunks []Console) []string {
	var t terminal
	var text strings.Builder
	for _, c := range chunks {
		text.WriteString(c.Text)
	}
	t.write([]rune(text.String()))
	lines := make([]string, len(t.lines))
	for i, line := range t.lines {
		lines[i] = strings.TrimRight(string(line), " ")
	}
	return lines
}

// The cursor stops here when a sequence moves it to the right; text itself may go on.
const margin = 1000

type terminal struct {
	lines              [][]rune
	row, column        int // of the cursor; the row may be the one after the last
	savedRow, savedCol int
}

func (t *terminal) write(text []rune) {
	for len(text) > 0 {
		c := text[0]
		text = text[1:]
		switch c {
		case '\n':
			t.line()
			t.row, t.column = t.row+1, 0
		case '\r':
			t.column = 0
		case '\b':
			t.column = max(0, t.column-1)
		case '\t':
			t.column += 8 - t.column%8
		case '\x1b':
			text = t.escape(text)
		case '\u009b': // CSI in one character
			text = t.control(text)
		default:
			if !unicode.IsControl(c) {
				t.put(c)
			}
		}
	}
}

// line returns the line of the cursor.
func (t *terminal) line() *[]rune {
	for len(t.lines) <= t.row {
		t.lines = append(t.lines, nil)
	}
	return &t.lines[t.row]
}

func (t *terminal) put(c rune) {
	line := t.line()
	for len(*line) <= t.column {
		*line = append(*line, ' ')
	}
	(*line)[t.column] = c
	t.column++
}

// escape does what follows an escape character, and returns the text after it.
func (t *terminal) escape(text []rune) []rune {
	if len(text) == 0 {
		return nil
	}
	c, rest := text[0], text[1:]
	switch {
	case c == '[':
		return t.control(rest)
	case strings.ContainsRune("]PX^_", c): // a string, such as a window's title: up to BEL or ST
		return afterString(rest)
	case c == '7':
		t.savedRow, t.savedCol = t.row, t.column
	case c == '8':
		t.move(t.savedRow, t.savedCol)
	case c == 'M':
		t.move(t.row-1, t.column)
	case c >= ' ' && c <= '/': // one more character belongs to it
		return rest[min(1, len(rest)):]
	}
	return rest
}

func afterString(text []rune) []rune {
	for i, c := range text {
		switch {
		case c == '\a' || c == '\u009c':
			return text[i+1:]
		case c == '\x1b' && i+1 < len(text) && text[i+1] == '\\':
			return text[i+2:]
		case c == '\n': // it was never ended: do not lose all that comes
			return text[i:]
		}
	}
	return nil
}

// control does a control sequence, and returns the text after it.
func (t *terminal) control(text []rune) []rune {
	end := 0
	for end < len(text) && text[end] >= ' ' && text[end] <= '?' {
		end++
	}
	if end == len(text) {
		return nil
	}
	if text[end] < '@' || text[end] > '~' { // broken off
		return text[end:]
	}
	var numbers [2]int
	for i, field := range strings.SplitN(string(text[:end]), ";", 3) {
		if i < len(numbers) {
			n, _ := strconv.Atoi(field) // none, or one that is not for us: 0
			numbers[i] = min(n, 1<<20)
		}
	}
	t.do(text[end], numbers[0], numbers[1])
	return text[end+1:]
}

func (t *terminal) do(command rune, first, second int) {
	count := max(1, first)
	switch command {
	case 'A':
		t.move(t.row-count, t.column)
	case 'B':
		t.move(t.row+count, t.column)
	case 'C':
		t.move(t.row, t.column+count)
	case 'D':
		t.move(t.row, t.column-count)
	case 'E':
		t.move(t.row+count, 0)
	case 'F':
		t.move(t.row-count, 0)
	case 'G', '`':
		t.move(t.row, count-1)
	case 'd':
		t.move(count-1, t.column)
	case 'H', 'f':
		t.move(count-1, max(1, second)-1)
	case 's':
		t.savedRow, t.savedCol = t.row, t.column
	case 'u':
		t.move(t.savedRow, t.savedCol)
	case 'K':
		t.eraseLine(first)
	case 'J':
		t.eraseDisplay(first)
	}
}

// move puts the cursor where it is asked to go, within the lines that there are.
func (t *terminal) move(row, column int) {
	t.row = min(max(0, row), len(t.lines))
	t.column = min(max(0, column), max(margin, t.column))
}

func (t *terminal) eraseLine(how int) {
	if t.row == len(t.lines) {
		return
	}
	line := t.line()
	switch at := min(t.column, len(*line)); how {
	case 0:
		*line = (*line)[:at]
	case 1:
		for i := range min(at+1, len(*line)) {
			(*line)[i] = ' '
		}
	case 2:
		*line = nil
	}
}

func (t *terminal) eraseDisplay(how int) {
	switch how {
	case 0:
		t.eraseLine(0)
		t.lines = t.lines[:min(t.row+1, len(t.lines))]
	case 1:
		t.eraseLine(1)
		for i := range t.row {
			t.lines[i] = nil
		}
	case 2, 3:
		t.lines, t.row = nil, 0
	}
}
