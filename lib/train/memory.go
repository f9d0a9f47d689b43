package train

import (
	"fmt"
	"math"
	"os"
)

// residentMB is the memory that the process has in RAM, in MiB, NaN where the system does not tell.
func residentMB() float64 {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return math.NaN()
	}
	// proc(5): the second number is the resident set in pages.
	var size, resident int
	if _, err := fmt.Sscan(string(statm), &size, &resident); err != nil {
		return math.NaN()
	}
	return float64(resident) * float64(os.Getpagesize()) / (1 << 20)
}
