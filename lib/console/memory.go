package console

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

// PeakMemory returns the most bytes of memory that this process has held, its peak resident set, for a line that says what work took.
// Linux tells; elsewhere it is an error. (getrusage's figure begins with what the parent held when it started the process.)
func PeakMemory() (bytes int64, err error) {
	const path = "/proc/self/status"
	status, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("peak memory: %w", err)
	}
	defer status.Close()
	lines := bufio.NewScanner(status)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			var kilobytes int64
			if _, err := fmt.Sscanf(text, "%d kB", &kilobytes); err != nil {
				return 0, fmt.Errorf("peak memory: %s in %s: %w", strings.TrimSpace(text), path, err)
			}
			return 1024 * kilobytes, nil
		}
	}
	if err := lines.Err(); err != nil {
		return 0, fmt.Errorf("peak memory: %w", err)
	}
	return 0, fmt.Errorf("peak memory: no VmHWM in %s", path)
}
