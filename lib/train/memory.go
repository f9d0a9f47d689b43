package train

import (
	"fmt"
	"math"
	"os"

	"paperlab/lib/tensor"
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

// gpuMB is the memory that this process's tensors hold on a CUDA device, in MiB, NaN where there is none or CUDA does not tell.
func gpuMB(d tensor.Device) float64 {
	used, err := d.MemoryUsed()
	if err != nil {
		return math.NaN()
	}
	return float64(used) / (1 << 20)
}
