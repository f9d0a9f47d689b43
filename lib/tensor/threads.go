package tensor

import (
	"fmt"

	"paperlab/lib/tensor/native"
)

// Threads is the number of threads that one operation on the processor may use.
func Threads() (int, error) { return native.Threads(0) }

// SetThreads sets that number for the whole process. Fewer than one is an error.
func SetThreads(n int) error {
	if n < 1 {
		return fmt.Errorf("tensor: %d threads: at least one is needed", n)
	}
	_, err := native.Threads(n)
	return err
}
