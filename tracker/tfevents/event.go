package tfevents

import "time"

// Event is one record of an event file.
type Event struct {
	Time    time.Time // to the microsecond; 1970 if the file holds something that is no time
	Step    int64
	Version string // of the format, "brain.Event:2", in the first event of a file; else empty
	Values  []Value
}

// Value is what was logged under one tag.
type Value struct {
	Tag    string
	Plugin string // of TensorBoard, that shows it: "scalars", "text", ...; empty if the file does not say
	// Data is a Scalar, Text, Image, Histogram, HParams or End; nil if it is something else, such as audio.
	Data any
}

// Scalar is a number.
type Scalar float64

// Text is a text, often Markdown.
type Text string

// Image is one image of those logged under a tag at a step.
type Image struct {
	Width, Height int
	Content       []byte // a PNG, JPEG or GIF file
}

// Histogram is how many values lay between neighbouring edges: len(Edges) == len(Counts)+1, ascending.
type Histogram struct {
	Edges, Counts []float64
}

// HParams are the hyperparameters of a run, as TensorBoard's HParams tab shows them.
type HParams struct {
	Group   string    // runs of one group have the same hyperparameters; may be empty
	Started time.Time // zero: not known
	// Params are bools, float64s and strings; when they are read, lists and objects too, as encoding/json has them.
	Params map[string]any
}

// End says how a run that [HParams] began has ended.
type End struct {
	Status Status
	Ended  time.Time // zero: not known
}

// Status is how a run has ended, in TensorBoard's numbers.
type Status uint64

// The states that TensorBoard knows.
const (
	Unknown Status = 0
	Success Status = 1
	Failure Status = 2
	Running Status = 3
)
