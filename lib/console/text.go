package console

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// oneLine makes text from anywhere fit for a terminal's line: line breaks become "; ", other control characters,
// which could move the cursor or change colours, become spaces, invalid UTF-8 becomes U+FFFD, one per byte.
func oneLine(s string) string {
	s = strings.ReplaceAll(strings.TrimRight(string([]rune(s)), "\r\n"), "\n", "; ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// number writes a live value: four digits, whole where it is large.
func number(v float64) string {
	if size := math.Abs(v); size >= 1e4 && size < 1e9 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// pace writes a rate in units per second, or seconds per unit where it is slower than one.
func pace(perSecond float64, unit string) string {
	switch {
	case perSecond >= 100:
		return fmt.Sprintf("%.0f %s/s", perSecond, unit)
	case perSecond >= 1:
		return fmt.Sprintf("%.3g %s/s", perSecond, unit)
	}
	return fmt.Sprintf("%s s/%s", number(math.Round(1000/perSecond)/1000), unit)
}

// span writes a duration: 3.2s, 45s, 4m35s, 1h2m0s.
func span(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
