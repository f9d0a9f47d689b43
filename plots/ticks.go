package plots

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// linearTicks puts about count ticks on multiples of 1, 2 or 5 times a power of ten. It is a plot.Ticker.
type linearTicks struct {
	count int
	whole bool // no tick between integers
}

// Ticks implements plot.Ticker.
func (t linearTicks) Ticks(lo, hi float64) []plot.Tick {
	step := t.step(lo, hi)
	largest := max(math.Abs(lo), math.Abs(hi))
	var ticks []plot.Tick
	// Ends that are multiples of the step up to rounding have ticks too.
	const rounding = 1e-9
	for n := math.Ceil(lo/step - rounding); n <= hi/step+rounding && len(ticks) <= 2*t.count; n++ {
		v := n * step
		ticks = append(ticks, plot.Tick{Value: min(max(v, lo), hi), Label: tickLabel(v, step, largest)})
	}
	return ticks
}

// snap widens an axis to the ticks just beyond its ends, so that steps 0 to 9,999 end at a tick of 10,000.
func (t linearTicks) snap(lo, hi float64) (float64, float64) {
	step, near := t.step(lo, hi), (hi-lo)*0.02
	if tick := math.Floor(lo/step) * step; lo-tick <= near {
		lo = tick
	}
	if tick := math.Ceil(hi/step) * step; tick-hi <= near {
		hi = tick
	}
	return lo, hi
}

func (t linearTicks) step(lo, hi float64) float64 {
	step := niceStep((hi - lo) / float64(t.count))
	if t.whole {
		step = max(step, 1)
	}
	return step
}

// niceStep returns the smallest of 1, 2 or 5 times a power of ten that is at least raw.
func niceStep(raw float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, n := range []float64{1, 2, 5} {
		if raw <= n*power*(1+1e-9) {
			return n * power
		}
	}
	return 10 * power
}

// logTicks labels powers of ten, 1, 2 and 5 times those where there are few, and marks the other multiples; where all
// values lie close together its ticks are evenly spaced. It is a plot.Ticker.
type logTicks struct{}

// Ticks implements plot.Ticker.
func (logTicks) Ticks(lo, hi float64) []plot.Tick {
	const most = 8 // labelled decades
	first, last := math.Ceil(math.Log10(lo)), math.Floor(math.Log10(hi))
	decades := last - first + 1
	if math.Log10(hi)-math.Log10(lo) < 0.7 {
		return linearTicks{count: 8}.Ticks(lo, hi)
	}
	every := max(1, math.Ceil(decades/most))
	var ticks []plot.Tick
	for e := first - every; e <= last; e += every {
		for m := 1.0; m < 10 && (m == 1 || every == 1); m++ {
			v := m * math.Pow(10, e)
			if v < lo || v > hi {
				continue
			}
			tick := plot.Tick{Value: v}
			if m == 1 || decades <= 2 && (m == 2 || m == 5) {
				tick.Label = tickLabel(v, math.Pow(10, e), v)
			}
			ticks = append(ticks, tick)
		}
	}
	return ticks
}

// tickLabel writes v, a multiple of step on an axis whose largest magnitude is largest: 250, 1.5k, 20M, 5e-5.
func tickLabel(v, step, largest float64) string {
	switch {
	case v == 0:
		return "0"
	case largest >= 1e15 || largest < 1e-3:
		return scientific(v, step)
	}
	for _, u := range []struct {
		size   float64
		suffix string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(v) >= u.size*(1-1e-9) && decimals(step/u.size) <= 1 {
			return short(v/u.size, decimals(step/u.size)) + u.suffix
		}
	}
	return strconv.FormatFloat(v, 'f', decimals(step), 64)
}

// decimals is how many digits after the point a multiple of step has, step being 1, 2 or 5 times a power of ten.
func decimals(step float64) int {
	return max(0, int(-math.Floor(math.Log10(step*(1+1e-9)))))
}

func scientific(v, step float64) string {
	digits := math.Floor(math.Log10(math.Abs(v)*(1+1e-9))) - math.Floor(math.Log10(step*(1+1e-9)))
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', int(max(0, digits)), 64), "e")
	e, err := strconv.Atoi(exponent)
	if err != nil {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return trimZeros(mantissa) + "e" + strconv.Itoa(e)
}

func short(v float64, decimals int) string {
	return trimZeros(strconv.FormatFloat(v, 'f', decimals, 64))
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
