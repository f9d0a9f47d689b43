package page

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// style is what ANSI's "select graphic rendition" can ask for.
type style struct {
	foreground, background color
	bold, dim, italic      bool
	underline, inverse     bool
}

// color is none (0), one of the palette of 256 (1 to 256), or a color of its own (from ownColor on, as 0xRRGGBB).
type color uint32

const ownColor color = 1 << 24

// with returns the style after ESC [ arguments m.
func (s style) with(arguments string) style {
	codes := strings.FieldsFunc(arguments, func(r rune) bool { return r == ';' || r == ':' })
	if len(codes) == 0 {
		return style{}
	}
	for i := 0; i < len(codes); i++ {
		code, err := strconv.Atoi(codes[i])
		if err != nil {
			return s
		}
		switch {
		case code == 38 || code == 48:
			c, used := extended(codes[i+1:])
			if code == 38 {
				s.foreground = c
			} else {
				s.background = c
			}
			i += used
		default:
			s = s.code(code)
		}
	}
	return s
}

// code applies one code that stands alone.
func (s style) code(code int) style {
	switch {
	case code == 0:
		return style{}
	case code == 1:
		s.bold = true
	case code == 2:
		s.dim = true
	case code == 3:
		s.italic = true
	case code == 4:
		s.underline = true
	case code == 7:
		s.inverse = true
	case code == 22:
		s.bold, s.dim = false, false
	case code == 23:
		s.italic = false
	case code == 24:
		s.underline = false
	case code == 27:
		s.inverse = false
	case code >= 30 && code <= 37:
		s.foreground = color(code - 30 + 1)
	case code == 39:
		s.foreground = 0
	case code >= 40 && code <= 47:
		s.background = color(code - 40 + 1)
	case code == 49:
		s.background = 0
	case code >= 90 && code <= 97:
		s.foreground = color(code - 90 + 9)
	case code >= 100 && code <= 107:
		s.background = color(code - 100 + 9)
	}
	return s
}

// extended reads what follows 38 or 48: 5;N of the palette, or 2;R;G;B. It returns how many codes that took.
func extended(codes []string) (c color, used int) {
	number := func(i int) int {
		if i >= len(codes) {
			return 0
		}
		n, _ := strconv.Atoi(codes[i])
		return min(max(n, 0), 255)
	}
	switch number(0) {
	case 5:
		return color(number(1) + 1), 2
	case 2:
		return ownColor | color(number(1)<<16|number(2)<<8|number(3)), 4
	}
	return 0, len(codes)
}

// css is the color's value: the first sixteen are the page's own, so that they suit light and dark.
func (c color) css() string {
	switch {
	case c >= ownColor:
		return fmt.Sprintf("#%06x", uint32(c-ownColor))
	case c <= 16:
		return fmt.Sprintf("var(--ansi-%d)", c-1)
	case c <= 232: // a cube of 6 x 6 x 6
		level := func(i color) int { return []int{0, 95, 135, 175, 215, 255}[i%6] }
		i := c - 17
		return fmt.Sprintf("#%02x%02x%02x", level(i/36), level(i/6), level(i))
	}
	gray := 8 + 10*int(c-233)
	return fmt.Sprintf("#%02x%02x%02x", gray, gray, gray)
}

// write writes text in the style.
func (s style) write(b *strings.Builder, text string) {
	text = html.EscapeString(text)
	if s == (style{}) {
		b.WriteString(text)
		return
	}
	var rules []string
	rule := func(on bool, css string) {
		if on {
			rules = append(rules, css)
		}
	}
	front, back := "var(--text)", "var(--page)"
	if s.foreground != 0 {
		front = s.foreground.css()
	}
	if s.background != 0 {
		back = s.background.css()
	}
	if s.inverse {
		front, back = back, front
	}
	rule(s.foreground != 0 || s.inverse, "color:"+front)
	rule(s.background != 0 || s.inverse, "background:"+back)
	rule(s.bold, "font-weight:bold")
	rule(s.dim, "opacity:.7")
	rule(s.italic, "font-style:italic")
	rule(s.underline, "text-decoration:underline")
	fmt.Fprintf(b, `<span style="%s">%s</span>`, strings.Join(rules, ";"), text)
}
