package query

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// layouts are how a time may be written, the first with its zone, the others in the local one, in which times are shown.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, "2006-01-02 15:04", time.DateOnly}

// parseTime reads a time; a date alone is the midnight with which it begins.
func parseTime(text string) (time.Time, error) {
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf(`%q is no time: want "2006-01-02", "2006-01-02 15:04:05" or RFC 3339, or an age as in ago("24h")`, text)
}

var longAge = regexp.MustCompile(`^(?:(\d{1,5})w)?(?:(\d{1,5})d)?(.*)$`)

// parseAge reads a duration: Go's, with weeks and days before it, as in 2w, 1d12h or 90m.
func parseAge(text string) (time.Duration, error) {
	const day = 24 * time.Hour
	var age time.Duration
	parts := longAge.FindStringSubmatch(text)
	if parts != nil {
		// What matched is a number, or nothing and zero.
		weeks, _ := strconv.Atoi(parts[1])
		days, _ := strconv.Atoi(parts[2])
		age = time.Duration(weeks)*7*day + time.Duration(days)*day
		text = parts[3]
	}
	if age > 0 && text == "" {
		return age, nil
	}
	rest, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf(`%q is no duration: want a number and a unit, such as "90m", "24h", "7d" or "2w"`, text)
	}
	return age + rest, nil
}
