package session

import "unicode/utf8"

// decoder makes valid UTF-8 of the bytes of a stream: a byte that is part of no character becomes U+FFFD. A character
// whose bytes come in several writes stays whole.
type decoder struct {
	rest []byte // of a character that is not at its end
}

// decode appends what can be told of the bytes so far.
func (d *decoder) decode(text, p []byte) []byte {
	if len(d.rest) > 0 {
		p = append(d.rest, p...)
		d.rest = nil
	}
	if utf8.Valid(p) {
		return append(text, p...)
	}
	for len(p) > 0 {
		if !utf8.FullRune(p) {
			d.rest = append(d.rest, p...)
			break
		}
		r, size := utf8.DecodeRune(p)
		text = utf8.AppendRune(text, r)
		p = p[size:]
	}
	return text
}

// begun says whether the last bytes are the beginning of a character.
func (d *decoder) begun() bool { return len(d.rest) > 0 }

// end appends a U+FFFD for each byte of the character that was not brought to its end.
func (d *decoder) end(text []byte) []byte {
	for range d.rest {
		text = utf8.AppendRune(text, utf8.RuneError)
	}
	d.rest = nil
	return text
}
