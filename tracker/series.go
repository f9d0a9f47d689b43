package tracker

import (
	"math"
	"time"
)

// Point is one value of a series. NaN and infinities are values like any other.
type Point struct {
	Step    int64
	Time    time.Time // to the millisecond
	Session int64     // of the run, see [Run.Session]
	Value   float64
}

// After reports whether the point lies beyond q: in a later session, or in the same one at a higher step.
func (p Point) After(q Point) bool {
	return p.Session > q.Session || p.Session == q.Session && p.Step > q.Step
}

// Sample is a point together with the series that it belongs to.
type Sample struct {
	Key     string
	Context Context
	Point
}

// Series is the summary of a series, kept up to date with every point, so that a table of a thousand runs reads no
// points. Points that a resumed session hides (see [Curve]) do not count; all points of a step that was logged twice do.
type Series struct {
	Run     string
	Key     string
	Context Context

	Count    int64
	Last     Point   // of the last session, the highest step; of that step, what was logged last
	Min, Max float64 // NaN if no point is a number
	First    int64   // the last session's lowest step, from which on it hides older sessions
	Resumed  bool    // more than one session logged
}

// Add brings the summary up to date with one more point. It reports whether the point hid others, or is hidden itself:
// Count, Min and Max must then be computed from the points, the rest is right.
func (s *Series) Add(p Point) (stale bool) {
	switch {
	case s.Count == 0:
		s.First, s.Last, s.Min, s.Max = p.Step, p, math.NaN(), math.NaN()
	case p.Session > s.Last.Session:
		s.Resumed, s.First, stale = true, p.Step, true
	case p.Session < s.Last.Session:
		s.Resumed, stale = true, true
	case p.Step < s.First:
		s.First, stale = p.Step, s.Resumed
	}
	s.Count++
	if !s.Last.After(p) {
		s.Last = p
	}
	if p.Value < s.Min || math.IsNaN(s.Min) {
		s.Min = p.Value
	}
	if p.Value > s.Max || math.IsNaN(s.Max) {
		s.Max = p.Value
	}
	return stale
}

// Equal reports whether two summaries say the same, where NaN is as good as NaN.
func (s Series) Equal(other Series) bool {
	for _, pair := range [][2]*float64{{&s.Last.Value, &other.Last.Value}, {&s.Min, &other.Min}, {&s.Max, &other.Max}} {
		if math.IsNaN(*pair[0]) && math.IsNaN(*pair[1]) {
			*pair[0], *pair[1] = 0, 0
		}
	}
	return s == other
}

// pieceOfPoints is how many points [Store.EachPoints] hands over at a time, at most.
const pieceOfPoints = 10_000

// Pieces gathers points for [Store.EachPoints]: it hands them to yield in pieces of at most 10,000, which yield must not keep. One
// goroutine uses it.
type Pieces struct {
	points []Point
	yield  func([]Point) error
}

// NewPieces returns one that hands over to yield.
func NewPieces(yield func([]Point) error) *Pieces { return &Pieces{yield: yield} }

// Grow makes room for a piece, where so many points are to come.
func (p *Pieces) Grow(points int64) { p.points = make([]Point, 0, min(points, pieceOfPoints)) }

// Add takes a point in, and hands the piece over that was full.
func (p *Pieces) Add(point Point) error {
	if len(p.points) == pieceOfPoints {
		if err := p.Flush(); err != nil {
			return err
		}
	}
	p.points = append(p.points, point)
	return nil
}

// Flush hands over what has been gathered.
func (p *Pieces) Flush() error {
	if len(p.points) == 0 {
		return nil
	}
	err := p.yield(p.points)
	p.points = p.points[:0]
	return err
}
