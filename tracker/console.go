package tracker

import (
	"fmt"
	"time"
)

// Console is a piece of what a run wrote to its terminal, as it was written. A piece should end where a character ends.
// [Screen] turns pieces into lines.
type Console struct {
	Time    time.Time // to the millisecond
	Session int64
	Stream  string // "stdout" or "stderr"
	Text    string
}

// Normalize brings a piece into the form in which every store keeps it, or says what is wrong with it.
func (c *Console) Normalize() error {
	if c.Stream != "stdout" && c.Stream != "stderr" {
		return fmt.Errorf("%w stream %.40q: want stdout or stderr", ErrInvalid, c.Stream)
	}
	c.Text = CleanText(c.Text)
	cleanTimes(&c.Time)
	return nil
}
