package tracker

import (
	"fmt"
	"regexp"
	"time"
)

// Image is a picture that a run wrote at a step. Its content is kept as an artifact's is, by its hash:
// [Store.OpenArtifact] opens it. Images are only ever added.
type Image struct {
	Key           string
	Step          int64
	Time          time.Time // to the millisecond
	Session       int64
	MIME          string // such as image/png
	Width, Height int    // pixels; 0 if unknown
	Caption       string
	Hash          string // SHA-256 of the content, in lower-case hexadecimal; the store fills it in, and Size
	Size          int64  // bytes
}

var imageMIME = regexp.MustCompile(`^image/[a-z0-9][a-z0-9.+-]*$`)

// Normalize brings an image into the form in which every store keeps it, or says what is wrong with it.
func (i *Image) Normalize() (err error) {
	if i.Key, err = CleanKey(i.Key); err != nil {
		return err
	}
	if !imageMIME.MatchString(i.MIME) {
		return fmt.Errorf("%w type %.40q of image %s: want one such as image/png", ErrInvalid, i.MIME, i.Key)
	}
	if i.Width < 0 || i.Height < 0 {
		return fmt.Errorf("%w size of image %s: %d x %d", ErrInvalid, i.Key, i.Width, i.Height)
	}
	i.Caption = CleanText(i.Caption)
	cleanTimes(&i.Time)
	return nil
}
