package compute

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"
)

// effort says what long work took: its time, how many it did in a second, and the most memory that the process held.
func effort(took time.Duration, done int, unit string) string {
	text := fmt.Sprintf("%v, %.0f %s/s", took.Round(time.Second), float64(done)/took.Seconds(), unit)
	if took < time.Minute {
		text = fmt.Sprintf("%.1f s, %.0f %s/s", took.Seconds(), float64(done)/took.Seconds(), unit)
	}
	if peak, known := peakMemory(); known {
		text += fmt.Sprintf(", %d MB of memory at most", peak/1e6)
	}
	return text
}

// peakMemory is the most bytes of memory that this process has held.
func peakMemory() (bytes int64, known bool) {
	status, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, false
	}
	defer status.Close()
	for lines := bufio.NewScanner(status); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			var kilobytes int64
			_, err := fmt.Sscan(text, &kilobytes)
			return 1024 * kilobytes, err == nil
		}
	}
	return 0, false
}
