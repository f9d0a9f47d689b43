package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Interval says how often something is done in a training: every so many steps, or, below 1, every such share of all steps (0.1: ten
// times); or [Epoch] or [Never]. What 0 stands for is the field's affair.
type Interval float64

const (
	// Epoch is the end of each epoch, and of the training.
	Epoch Interval = -1
	// Never is at no time.
	Never Interval = -2
)

// ParseInterval reads what String writes: "epoch", "no", or a number of steps.
func ParseInterval(text string) (Interval, error) {
	switch text {
	case "epoch":
		return Epoch, nil
	case "no":
		return Never, nil
	}
	steps, err := strconv.ParseFloat(text, 64)
	if i := Interval(steps); err == nil && steps >= 0 && i.valid() {
		return i, nil
	}
	return 0, fmt.Errorf("%q is neither epoch, no, a number of steps nor a share of them below 1", text)
}

// String writes the interval as transformers names strategies: "epoch", "no", else the number of steps.
func (i Interval) String() string {
	switch i {
	case Epoch:
		return "epoch"
	case Never:
		return "no"
	}
	return strconv.FormatFloat(float64(i), 'g', -1, 64)
}

// Ever says whether the interval ever comes round; 0 does not.
func (i Interval) Ever() bool { return i == Epoch || i > 0 }

// valid refuses shares of a step: 2.5 steps do not exist.
func (i Interval) valid() bool {
	return i == Epoch || i == Never || i >= 0 && i < 1 || i == Interval(math.Trunc(float64(i))) && i >= 1 && i < math.MaxInt32
}

// or returns the interval, or another where it is 0.
func (i Interval) or(other Interval) Interval {
	if i == 0 {
		return other
	}
	return i
}

// steps is the number of steps from one time to the next in a training of so many, 0 where the interval is none of steps.
func (i Interval) steps(all int) int {
	switch {
	case i <= 0:
		return 0
	case i < 1:
		return int(math.Ceil(float64(all) * float64(i)))
	}
	return int(i)
}

// value is what a tracker keeps of the interval: a number, or a word.
func (i Interval) value() any {
	switch {
	case i < 0:
		return i.String()
	case i < 1 && i > 0:
		return float64(i)
	}
	return int(i)
}

// MarshalJSON writes a number of steps, or the word of [Interval.String].
func (i Interval) MarshalJSON() ([]byte, error) { return json.Marshal(i.value()) }

// UnmarshalJSON reads what MarshalJSON writes.
func (i *Interval) UnmarshalJSON(data []byte) error {
	var word string
	if json.Unmarshal(data, &word) != nil {
		word = string(data)
	}
	read, err := ParseInterval(word)
	if err != nil {
		return errors.New("interval: " + err.Error())
	}
	*i = read
	return nil
}

// due says whether the interval comes round with a step, counted from 1.
func (p plan) due(i Interval, step int) bool {
	if i == Epoch {
		return p.endsEpoch(step)
	}
	n := i.steps(p.steps)
	return n > 0 && step > 0 && step%n == 0
}
