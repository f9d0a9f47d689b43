package compute

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/summarize"
)

// longestText is how many bytes a request may have: more than any paper.
const longestText = 8 << 20

// summaryService answers POST /api/summarize with what summarize --json prints, one text at a time: a model that writes two at once
// takes twice as long for each.
type summaryService struct {
	*summarizing
	model *summarize.Model
	turn  chan struct{} // of one
}

// serve serves the model until the context is done.
func (v *summarizing) serve(cmd *cobra.Command, open Open, m *summarize.Model) error {
	s := &summaryService{v, m, make(chan struct{}, 1)}
	defer func() { s.turn <- struct{}{} }() // the model outlives who uses it
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/summarize", s.answer)
	return v.to.open(cmd, open, mux, v.json, func(address string) string {
		return `Send {"text": "..."} by POST to /api/summarize at ` + address + ` for its summary. Ctrl-C ends the server.`
	})
}

func (s *summaryService) answer(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Text string }
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, errors.New(`the body must be JSON: send Content-Type: application/json`))
		return
	}
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestText))
	body.DisallowUnknownFields() // such as num_beams, which a flag of the server decides
	if err := body.Decode(&asked); err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			refuse(w, http.StatusRequestEntityTooLarge, err)
			return
		}
		refuse(w, http.StatusBadRequest, errors.New(`the body must be {"text": "..."}: `+err.Error()))
		return
	}
	if asked.Text == "" {
		refuse(w, http.StatusBadRequest, errors.New("text is empty"))
		return
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-r.Context().Done():
		return // nobody waits for it any more
	}
	all, err := s.model.Summaries(r.Context(), s.prefix+cli.ValidText(asked.Text), s.maxInput, s.how.Config)
	if r.Context().Err() != nil {
		return
	}
	if err != nil {
		refuse(w, http.StatusInternalServerError, err)
		return
	}
	var lines bytes.Buffer
	for _, written := range all {
		if err := console.JSON(&lines, written); err != nil {
			refuse(w, http.StatusInternalServerError, err)
			return
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(lines.Bytes()) // whoever went away does not read it
}

// refuse answers with an error.
func refuse(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = console.JSON(w, map[string]string{"error": err.Error()}) // whoever went away does not read it
}
