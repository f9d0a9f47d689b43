package console_test

import (
	"runtime"
	"testing"

	"paperlab/lib/console"
)

func TestPeakMemoryCountsWhatWasHeld(t *testing.T) {
	const size = 64 << 20
	before, err := console.PeakMemory()
	if err != nil {
		t.Fatal(err)
	}
	held := make([]byte, before+size)
	for i := range held {
		held[i] = 1
	}
	runtime.KeepAlive(held)
	if after, err := console.PeakMemory(); err != nil || after < before+size {
		t.Errorf("%d bytes, after %d before and %d more: %v", after, before, size, err)
	}
}
