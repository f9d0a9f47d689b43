package page

import (
	"bytes"
	"errors"
	"net/http"

	"paperlab/lib/console"
)

// refusal is an error that the reader can do something about.
type refusal struct {
	status int
	field  string // the parameter that is wrong; empty: none
	why    string
}

func (r *refusal) Error() string { return r.why }

// refuse answers with an error.
func refuse(w http.ResponseWriter, err error) {
	status, field := http.StatusInternalServerError, ""
	var known *refusal
	if errors.As(err, &known) {
		status, field = known.status, known.field
	}
	write(w, status, struct {
		Error string `json:"error"`
		Field string `json:"field,omitempty"`
	}{err.Error(), field})
}

// write answers with JSON, in which NaN is a string.
func write(w http.ResponseWriter, status int, body any) {
	var encoded bytes.Buffer
	if err := console.JSON(&encoded, body); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(encoded.Bytes()) // whoever went away does not read it
}
