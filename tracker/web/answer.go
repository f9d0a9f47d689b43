package web

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

// write answers with JSON.
func write(w http.ResponseWriter, body any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(encoded) // whoever went away does not read it
	return nil
}

// refusal is what the page is told when something failed.
type refusal struct {
	Error  string `json:"error"`
	Hint   string `json:"hint,omitempty"`
	Field  string `json:"field,omitempty"`  // the input that is wrong
	Column int    `json:"column,omitempty"` // in it, counted in characters from 1
}

// fieldError is an error in one of the texts that a reader entered.
type fieldError struct {
	field string
	error
}

func (e fieldError) Unwrap() error { return e.error }

// refuse answers with an error.
func refuse(w http.ResponseWriter, err error) {
	body := refusal{Error: err.Error()}
	var hint interface{ Hint() string }
	if errors.As(err, &hint) {
		body.Hint = hint.Hint()
	}
	var field fieldError
	if errors.As(err, &field) {
		body.Field = field.field
	}
	var syntax *query.Error
	if errors.As(err, &syntax) {
		body.Column = syntax.Column
	}
	encoded, _ := json.Marshal(body) // of strings and a number
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status(err))
	_, _ = w.Write(encoded)
}

func status(err error) int {
	var field fieldError
	var long *http.MaxBytesError
	switch {
	case errors.Is(err, tracker.ErrNotFound):
		return http.StatusNotFound
	case errors.As(err, &long):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, tracker.ErrInvalid), errors.As(err, &field):
		return http.StatusBadRequest
	case errors.Is(err, tracker.ErrExists), errors.Is(err, tracker.ErrRunning), errors.Is(err, tracker.ErrEnded):
		return http.StatusConflict
	case errors.Is(err, tracker.ErrReadOnly), errors.Is(err, tracker.ErrFull), errors.Is(err, tracker.ErrBusy):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func notFound(op, on string) error {
	return &tracker.Error{Op: op, On: on, Err: tracker.ErrNotFound}
}

// value is how JSON holds what a run has: NaN and infinities, which JSON lacks, are strings, times are text, durations
// seconds.
func value(v any) any {
	switch v := v.(type) {
	case float64:
		switch {
		case math.IsNaN(v):
			return "NaN"
		case math.IsInf(v, 1):
			return "Infinity"
		case math.IsInf(v, -1):
			return "-Infinity"
		}
	case time.Duration:
		return v.Seconds()
	case time.Time:
		return moment(v)
	}
	return v
}

// values turns a list into what JSON holds; it is never null.
func values[T any](list []T) []any {
	all := make([]any, len(list))
	for i, v := range list {
		all[i] = value(v)
	}
	return all
}

// moment is a time in JSON, null where there is none.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}
