package display

import (
	"fmt"
	"html"
	"math"
	"strings"
	"time"
)

// Bar is how far something is, at one moment: [Progress] redraws one.
type Bar struct {
	Label   string        // what is done: "reading papers"
	Done    int           // of Total, those before the clock started included
	Before  int           // were done before, as in a training that is resumed: they do not count for the rate
	Total   int           // 0 if nobody knows
	Elapsed time.Duration // since the start
	Note    string        // such as "loss 2.31"; may be empty
	Ended   bool
	Problem string // why it ended early, empty if it did not: "interrupted"
}

// Render implements [Renderer].
func (b Bar) Render() Data {
	return Data{Data: MIMEMap{MIMETypeText: b.text(), MIMETypeHTML: b.html()}}
}

func (b Bar) text() string {
	parts := []string{oneLine(b.Label)}
	if b.Total > 0 {
		const width = 20
		filled := int(b.fraction() * width)
		parts = append(parts, "["+strings.Repeat("#", filled)+strings.Repeat("-", width-filled)+"]")
	}
	parts = append(parts, b.count())
	for _, part := range []string{b.timing(), oneLine(b.Note), oneLine(b.Problem)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.TrimLeft(strings.Join(parts, "  "), " ")
}

func (b Bar) html() string {
	value := ""
	if b.Total > 0 {
		value = fmt.Sprintf(` value="%d" max="%d"`, min(max(b.Done, 0), b.Total), b.Total)
	} else if b.Ended {
		value = ` value="1" max="1"`
	}
	label := html.EscapeString(oneLine(b.Label))
	var text strings.Builder
	fmt.Fprintf(&text, `<div style="font-variant-numeric: tabular-nums">%s `+
		`<progress%s aria-label="%s" style="width: 16em; vertical-align: middle; accent-color: var(--jp-brand-color1, #1976d2)"></progress> %s`,
		label, value, label, b.count())
	if timing := b.timing(); timing != "" {
		fmt.Fprintf(&text, ` <span style="%s">%s</span>`, muted, timing)
	}
	if b.Note != "" {
		text.WriteString(" " + html.EscapeString(oneLine(b.Note)))
	}
	if b.Problem != "" {
		fmt.Fprintf(&text, ` <span style="%s">%s</span>`, red, html.EscapeString(oneLine(b.Problem)))
	}
	text.WriteString("</div>")
	return text.String()
}

// fraction is between 0 and 1.
func (b Bar) fraction() float64 {
	return min(max(float64(b.Done)/float64(b.Total), 0), 1)
}

func (b Bar) count() string {
	if b.Total <= 0 {
		return thousands(b.Done)
	}
	// Rounded down, so that 100 % means all.
	return fmt.Sprintf("%s/%s (%d%%)", thousands(b.Done), thousands(b.Total), int(b.fraction()*100))
}

// timing is the rate and the time that is left, or that it took.
func (b Bar) timing() string {
	rate := float64(b.Done-b.Before) / b.Elapsed.Seconds()
	moving := b.Elapsed > 0 && rate > 0
	var parts []string
	if moving {
		parts = append(parts, pace(rate))
	}
	switch {
	case b.Ended:
		parts = append(parts, "in "+span(b.Elapsed))
	case moving && b.Done < b.Total:
		const century = 100 * 365 * 24 * 3600 // the longest that a duration holds, nearly
		left := min(float64(b.Total-b.Done)/rate, century)
		parts = append(parts, span(time.Duration(left*float64(time.Second)))+" left")
	}
	return strings.Join(parts, ", ")
}

// pace writes a rate per second, or the seconds for one where it is slower.
func pace(rate float64) string {
	switch {
	case rate >= 1000:
		return thousands(int(min(rate, math.MaxInt32))) + "/s"
	case rate >= 1:
		return fmt.Sprintf("%.3g/s", rate)
	}
	return span(time.Duration(min(1/rate, math.MaxInt32)*float64(time.Second))) + " each"
}

// span writes a duration: 340ms, 3.2s, 45s, 4m35s, 1h2m0s.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
