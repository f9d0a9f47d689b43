package cli

import (
	"encoding/json"
	"io"

	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

// events writes what happens in a run as JSON, an object a line.
type events struct{ w io.Writer }

// happened is one event. Which fields it has depends on its name.
type happened struct {
	Event     string      `json:"event"` // start, output, update, clear, linger, end
	Cell      int         `json:"cell"`
	Count     int         `json:"count,omitempty"`
	Source    string      `json:"source,omitempty"`
	DisplayID string      `json:"display_id,omitempty"`
	Output    *outputJSON `json:"output,omitempty"`
	Status    string      `json:"status,omitempty"` // of end: ok or error
	Error     string      `json:"error,omitempty"`
	Seconds   *float64    `json:"seconds,omitempty"`
}

// outputJSON is an output as it stands in a notebook, texts in one piece.
type outputJSON struct {
	Type      nbformat.OutputType `json:"output_type"`
	Name      string              `json:"name,omitempty"`
	Text      string              `json:"text,omitempty"`
	Data      map[string]any      `json:"data,omitempty"`
	Metadata  map[string]any      `json:"metadata,omitempty"`
	Count     *int                `json:"execution_count,omitempty"`
	ErrorName string              `json:"ename,omitempty"`
	Value     string              `json:"evalue,omitempty"`
	Traceback []string            `json:"traceback,omitempty"`
}

// observe writes an event. An error of the writer is ignored, as the notebook has all.
func (e events) observe(event headless.Event) {
	encoder := json.NewEncoder(e.w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(newHappened(event))
}

func newHappened(event headless.Event) happened {
	switch e := event.(type) {
	case headless.CellStarted:
		return happened{Event: "start", Cell: e.Cell, Count: e.Count, Source: e.Source}
	case headless.OutputAdded:
		return happened{Event: "output", Cell: e.Cell, DisplayID: e.DisplayID, Output: newOutputJSON(e.Output)}
	case headless.OutputUpdated:
		return happened{Event: "update", Cell: e.Cell, DisplayID: e.DisplayID, Output: newOutputJSON(e.Output)}
	case headless.OutputsCleared:
		return happened{Event: "clear", Cell: e.Cell}
	case headless.CellLingers:
		seconds := e.Limit.Seconds()
		return happened{Event: "linger", Cell: e.Cell, Seconds: &seconds}
	case headless.CellEnded:
		seconds := e.Took.Seconds()
		h := happened{Event: "end", Cell: e.Cell, Count: e.Count, Status: "ok", Seconds: &seconds}
		if e.Err != nil {
			h.Status, h.Error = "error", e.Err.Error()
		}
		return h
	}
	return happened{}
}

func newOutputJSON(out nbformat.Output) *outputJSON {
	return &outputJSON{
		Type: out.Type, Name: out.Name, Text: out.Text, Data: out.Data, Metadata: out.Metadata, Count: out.ExecutionCount,
		ErrorName: out.ErrorName, Value: out.ErrorValue, Traceback: out.Traceback,
	}
}
