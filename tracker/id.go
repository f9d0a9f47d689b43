package tracker

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// NewID makes the identifier of a run: a ULID in lower case, 26 characters that sort by time (to the millisecond). The
// rest comes from entropy, which must be safe for concurrent use if NewID is called concurrently.
func NewID(at time.Time, entropy io.Reader) (string, error) {
	id, err := ulid.New(ulid.Timestamp(at), entropy)
	if err != nil {
		return "", &Error{Op: "make a run ID", Err: err}
	}
	return strings.ToLower(id.String()), nil
}

// ParseID returns the identifier in the form that stores use, or an error if it is none. Upper case is accepted.
func ParseID(text string) (string, error) {
	if _, err := ulid.ParseStrict(text); err != nil {
		return "", fmt.Errorf("%w run ID %q: want 26 letters and digits", ErrInvalid, text)
	}
	return strings.ToLower(text), nil
}
