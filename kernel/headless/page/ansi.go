package page

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ansiHTML draws text as a terminal would and returns what is then to be seen, as HTML: carriage returns, backspaces and
// ANSI's cursor movements overwrite what stood there, and colors become spans. Other control sequences do nothing.
func ansiHTML(text string) string {
	if !strings.ContainsAny(text, "\x1b\r\b") {
		return html.EscapeString(text)
	}
	var s screen
	for i := 0; i < len(text); {
		if text[i] == '\x1b' {
			i += s.escape(text[i:])
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		s.put(r)
		i += size
	}
	return s.html()
}

// maxColumn is how far to the right a control sequence may move the cursor.
const maxColumn = 256

// screen is an endless sheet with a cursor.
type screen struct {
	rows     [][]glyph
	row, col int
	style    style
}

// glyph is a character and how it is drawn.
type glyph struct {
	r     rune
	style style
}

func (s *screen) put(r rune) {
	switch {
	case r == '\n':
		s.row, s.col = s.row+1, 0
	case r == '\r':
		s.col = 0
	case r == '\b':
		s.col = max(0, s.col-1)
	case r == '\t' || r >= ' ' && r != 0x7f:
		line := s.line()
		*line = pad(*line, s.col+1)
		(*line)[s.col] = glyph{r, s.style}
		s.col++
	}
}

// line returns the cursor's row.
func (s *screen) line() *[]glyph {
	for len(s.rows) <= s.row {
		s.rows = append(s.rows, nil)
	}
	return &s.rows[s.row]
}

func pad(line []glyph, n int) []glyph {
	for len(line) < n {
		line = append(line, glyph{r: ' '})
	}
	return line
}

// escape carries out the control sequence at the head of text and returns its length.
func (s *screen) escape(text string) int {
	if len(text) < 2 {
		return len(text)
	}
	switch text[1] {
	case '[':
		end := strings.IndexFunc(text[2:], func(r rune) bool { return r < ' ' || r >= '@' })
		if end < 0 {
			return len(text)
		}
		s.control(text[2:2+end], text[2+end])
		return 3 + end
	case ']': // a title or a link: up to BEL or ESC \
		end := strings.IndexAny(text, "\a\n")
		if st := strings.Index(text, "\x1b\\"); st >= 0 && (end < 0 || st < end) {
			return st + 2
		}
		if end < 0 {
			return len(text)
		}
		return end + 1
	}
	return 2
}

// control carries out ESC [ arguments final.
func (s *screen) control(arguments string, final byte) {
	if final == 'm' {
		s.style = s.style.with(arguments)
		return
	}
	n, _ := strconv.Atoi(arguments) // 0 if there is none
	move := max(n, 1)
	switch final {
	case 'A', 'F':
		s.row = max(0, s.row-move)
	case 'B', 'E':
		s.row = max(s.row, min(s.row+move, len(s.rows)-1)) // only printing makes new rows
	case 'C':
		s.col = max(s.col, min(s.col+move, maxColumn))
	case 'D':
		s.col = max(0, s.col-move)
	case 'G':
		s.col = min(move-1, maxColumn)
	case 'J':
		s.eraseBelow(n)
	case 'K':
		s.eraseLine(n)
	}
	if final == 'E' || final == 'F' {
		s.col = 0
	}
}

// eraseBelow is ESC [ J: from the cursor on (0) or all (2).
func (s *screen) eraseBelow(mode int) {
	if mode != 0 {
		s.rows = nil
		return
	}
	s.eraseLine(0)
	s.rows = s.rows[:min(len(s.rows), s.row+1)]
}

// eraseLine is ESC [ K: from the cursor on (0), up to it (1) or the whole line (2).
func (s *screen) eraseLine(mode int) {
	line := s.line()
	switch mode {
	case 0:
		*line = (*line)[:min(len(*line), s.col)]
	case 1:
		for i := range min(len(*line), s.col+1) {
			(*line)[i] = glyph{r: ' '}
		}
	case 2:
		*line = nil
	}
}

// html writes the screen, glyphs of one style in one span.
func (s *screen) html() string {
	var b strings.Builder
	for i, line := range s.rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		for len(line) > 0 {
			n := 1
			for n < len(line) && line[n].style == line[0].style {
				n++
			}
			run := make([]rune, n)
			for j := range run {
				run[j] = line[j].r
			}
			line[0].style.write(&b, string(run))
			line = line[n:]
		}
	}
	return b.String()
}
