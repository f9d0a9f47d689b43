package tracker

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Text is something a run wrote at a step, such as a summary that it generated. Texts are only ever added.
type Text struct {
	Key     string
	Step    int64
	Time    time.Time // to the millisecond
	Session int64
	Body    string
}

// Normalize brings a text into the form in which every store keeps it, or says what is wrong with it.
func (t *Text) Normalize() (err error) {
	if t.Key, err = CleanKey(t.Key); err != nil {
		return err
	}
	t.Body = CleanText(t.Body)
	cleanTimes(&t.Time)
	return nil
}

// MaxKey is the length of the longest key of a series, parameter, tag or text, in bytes.
const MaxKey = 500

// CleanText replaces each byte that is not part of valid UTF-8 by U+FFFD, and so the zero byte, which not every database
// keeps in a text.
func CleanText(s string) string {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	return strings.ReplaceAll(s, "\x00", "\uFFFD")
}

// CleanKey returns the key in valid UTF-8. It refuses an empty key, one longer than [MaxKey], and one with control
// characters, which would break every table that it heads.
func CleanKey(key string) (string, error) {
	control := strings.ContainsFunc(key, unicode.IsControl)
	key = CleanText(key)
	switch {
	case key == "":
		return "", fmt.Errorf("%w key: it is empty", ErrInvalid)
	case len(key) > MaxKey:
		return "", fmt.Errorf("%w key %.40q...: %d bytes, at most %d are kept", ErrInvalid, key, len(key), MaxKey)
	case control:
		return "", fmt.Errorf("%w key %q: it has control characters", ErrInvalid, key)
	}
	return key, nil
}
