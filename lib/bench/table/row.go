package table

import "math"

// Row is one line of the table: a piece of work that we and a peer do.
type Row struct {
	Work string
	Unit Unit
	Ours string // our task, as the runner knows it
	// Peer is the peer's task; empty for an absolute aim, whose figure is Aim, in Unit.
	Peer     string
	Aim      float64
	PeerName string
	Reach    float64 // the ratio that is asked for
	// Within is how far apart, relative to the larger, numbers of the two answers may be: 0 asks for equal ones.
	// Tasks of a row with another answer than the peer's did other work, and their speed says nothing.
	Within float64
	// Missing says why there is nothing to measure yet; empty otherwise.
	Missing string
}

// Anything lets the two answers of a row differ.
var Anything = math.Inf(1)

// Sample is what a task measured. Its JSON is the line that a measuring process prints.
type Sample struct {
	Seconds float64   `json:"seconds"`          // of one unit of the work: a step, a token, a text
	PeakMB  float64   `json:"peak_mb"`          // the process's peak resident set, in MiB; 0 where it was not asked for
	Answer  []float64 `json:"answer,omitempty"` // what came out, in short
}

// best joins two samples of one task.
func (s Sample) best(other Sample) Sample {
	return Sample{Seconds: min(s.Seconds, other.Seconds), PeakMB: min(s.PeakMB, other.PeakMB), Answer: s.Answer}
}

// Unit turns a sample into the figure that a row shows.
type Unit struct {
	Name   string
	Higher bool // the higher figure is the better one
	figure func(Sample) float64
}

// The units that are not rates.
var (
	Seconds      = Unit{Name: "s", figure: func(s Sample) float64 { return s.Seconds }}
	Milliseconds = Unit{Name: "ms", figure: func(s Sample) float64 { return 1e3 * s.Seconds }}
	Microseconds = Unit{Name: "us", figure: func(s Sample) float64 { return 1e6 * s.Seconds }}
	PeakMB       = Unit{Name: "MB", figure: func(s Sample) float64 { return s.PeakMB }}
)

// Rate is the number of units of work in a second.
func Rate(of string) Unit {
	return Unit{Name: of + "/s", Higher: true, figure: func(s Sample) float64 { return 1 / s.Seconds }}
}

// ratio is above 1 where ours is better.
func (u Unit) ratio(ours, peer float64) float64 {
	if u.Higher {
		return ours / peer
	}
	return peer / ours
}
