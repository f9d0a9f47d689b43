package safetensors_test

import (
	"encoding/binary"
	"math"
	"path/filepath"
	"testing"

	"paperlab/lib/safetensors"
)

func TestEveryHalfConvertsExactly(t *testing.T) {
	data := make([]byte, 2<<16)
	for h := range 1 << 16 {
		binary.LittleEndian.PutUint16(data[2*h:], uint16(h))
	}
	path := filepath.Join(t.TempDir(), "halves.safetensors")
	err := safetensors.Write(path, []safetensors.Tensor{{Name: "h", DType: safetensors.F16, Shape: []int64{1 << 16}, Data: data}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for h, got := range float32s(t, open(t, path), "h") {
		want := half(h)
		if math.IsNaN(want) != (got != got) || !math.IsNaN(want) && (float64(got) != want || math.Signbit(float64(got)) != math.Signbit(want)) {
			t.Fatalf("%#04x reads as %v, want %v", h, got, want)
		}
	}
}

// half is the definition in IEEE 754: sign, 5 bits of exponent, 10 of fraction.
func half(h int) float64 {
	sign := 1.0
	if h>>15 == 1 {
		sign = -1
	}
	exponent, fraction := h>>10&31, float64(h&1023)/1024
	switch {
	case exponent == 31 && fraction != 0:
		return math.NaN()
	case exponent == 31:
		return math.Inf(int(sign))
	case exponent == 0:
		return math.Copysign(math.Ldexp(fraction, -14), sign)
	}
	return sign * math.Ldexp(1+fraction, exponent-15)
}
