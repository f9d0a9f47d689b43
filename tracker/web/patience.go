package web

import (
	"io"
	"net/http"
	"time"
)

// patience is how long a connection may stand still. Deadlines move with every read and write, so that streams of events
// and files of any size pass, and a client that stopped does not hold a connection.
const patience = time.Minute

// patient returns a writer that moves the deadline of the response with each write.
func patient(w http.ResponseWriter) http.ResponseWriter { return patientWriter{w} }

type patientWriter struct{ http.ResponseWriter }

// Unwrap is how http.ResponseController finds what it controls.
func (w patientWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w patientWriter) Write(b []byte) (int, error) {
	// Writers of tests have no deadlines: nothing to move.
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(patience))
	return w.ResponseWriter.Write(b)
}

func (w patientWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// patientBody returns a body that moves the deadline of the request with each read.
func patientBody(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	return patientReader{body, http.NewResponseController(w)}
}

type patientReader struct {
	io.ReadCloser
	controller *http.ResponseController
}

func (r patientReader) Read(b []byte) (int, error) {
	_ = r.controller.SetReadDeadline(time.Now().Add(patience))
	return r.ReadCloser.Read(b)
}
