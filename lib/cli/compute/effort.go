package compute

import (
	"fmt"
	"time"

	"paperlab/lib/console"
)

// effort says what long work took: its time, how many it did in a second, and the most memory that the process held.
func effort(took time.Duration, done int, unit string) string {
	text := fmt.Sprintf("%v, %.0f %s/s", took.Round(time.Second), float64(done)/took.Seconds(), unit)
	if took < time.Minute {
		text = fmt.Sprintf("%.1f s, %.0f %s/s", took.Seconds(), float64(done)/took.Seconds(), unit)
	}
	if peak, err := console.PeakMemory(); err == nil {
		text += fmt.Sprintf(", %d MB of memory at most", peak/1e6)
	}
	return text
}
