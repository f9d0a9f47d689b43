package mlflow

import (
	"errors"
	"fmt"
	"net/http"

	"paperlab/tracker"
)

// apiError is what MLflow's clients turn into an MlflowException with this code.
type apiError struct {
	Code    string `json:"error_code"`
	Message string `json:"message"`
}

func (e *apiError) Error() string { return e.Message }

// statuses are those of mlflow/exceptions.py; a code that is not here is an internal error.
var statuses = map[string]int{
	"BAD_REQUEST":             http.StatusBadRequest,
	"INVALID_PARAMETER_VALUE": http.StatusBadRequest,
	"RESOURCE_ALREADY_EXISTS": http.StatusBadRequest,
	"PERMISSION_DENIED":       http.StatusForbidden,
	"ENDPOINT_NOT_FOUND":      http.StatusNotFound,
	"RESOURCE_DOES_NOT_EXIST": http.StatusNotFound,
	"TEMPORARILY_UNAVAILABLE": http.StatusServiceUnavailable,
}

func invalid(format string, args ...any) error {
	return &apiError{"INVALID_PARAMETER_VALUE", fmt.Sprintf(format, args...)}
}

func missing(format string, args ...any) error {
	return &apiError{"RESOURCE_DOES_NOT_EXIST", fmt.Sprintf(format, args...)}
}

// required says which parameter is missing, if one is. Names and values come in turns.
func required(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			return invalid("Missing value for required parameter '%s'. See the API docs for more information about request parameters.", pairs[i])
		}
	}
	return nil
}

// codes are those of the store's errors.
var codes = []struct {
	why  error
	code string
}{
	{tracker.ErrNotFound, "RESOURCE_DOES_NOT_EXIST"},
	{tracker.ErrExists, "RESOURCE_ALREADY_EXISTS"},
	{tracker.ErrInvalid, "INVALID_PARAMETER_VALUE"},
	{tracker.ErrReadOnly, "PERMISSION_DENIED"},
	{tracker.ErrBusy, "TEMPORARILY_UNAVAILABLE"}, // which clients try again
}

// explain turns an error of the store into one of the API.
func explain(err error) *apiError {
	var known *apiError
	if errors.As(err, &known) {
		return known
	}
	code := "INTERNAL_ERROR"
	for _, known := range codes {
		if errors.Is(err, known.why) {
			code = known.code
		}
	}
	return &apiError{code, err.Error()}
}

func writeError(w http.ResponseWriter, err error) {
	e := explain(err)
	status, ok := statuses[e.Code]
	if !ok {
		status = http.StatusInternalServerError
	}
	writeJSON(w, status, e)
}
