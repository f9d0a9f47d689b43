package compute_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"paperlab/lib/cli/compute"
)

func TestSummarizeServesWhatItPrints(t *testing.T) {
	dir := folder(t)
	model, text := tinyT5(t, dir), sentences(1, 3)
	flags := []string{"summarize", "--model", model, "--num-beams", "2", "--min-length", "3", "--max-length", "12", "--json"}
	printed := call{stdin: strings.NewReader(text)}.run(append(flags, "-")...)
	if printed.exit != 0 {
		t.Fatal(printed.err)
	}
	untimed := func(line string) string { return regexp.MustCompile(`"seconds":[^}]*`).ReplaceAllString(line, "") }
	const kind = "application/json"
	var site compute.Site
	got := call{open: visit(&site, func(handler http.Handler) {
		ask := func(ctx context.Context, kind, body string) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(ctx, "POST", "/api/summarize", strings.NewReader(body))
			r.Header.Set("Content-Type", kind)
			handler.ServeHTTP(w, r)
			return w
		}
		if w := ask(t.Context(), kind, `{"text":"`+text+`"}`); w.Code != 200 || untimed(w.Body.String()) != untimed(printed.out) {
			t.Errorf("served %d %s, printed %s", w.Code, w.Body, printed.out)
		}
		for name, c := range map[string]struct {
			kind, body string
			status     int
			says       string
		}{
			"a form, as other sites' pages send": {"text/plain", `{"text":"light"}`, 415, "application/json"},
			"no JSON":                            {kind, "light", 400, "the body must be"},
			"no text":                            {kind, "{}", 400, "empty"},
			"a text that is none":                {kind, `{"text":1}`, 400, "the body must be"},
			"a setting of the search":            {kind, `{"text":"light","num_beams":2}`, 400, "num_beams"},
			"a text that is too long":            {kind, `{"text":"` + strings.Repeat("a", 9<<20) + `"}`, 413, "too large"},
		} {
			if w := ask(t.Context(), c.kind, c.body); w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		}
		gone, goAway := context.WithCancel(t.Context())
		goAway()
		if w := ask(gone, kind, `{"text":"light"}`); w.Body.Len() > 0 {
			t.Errorf("who went away got %s", w.Body)
		}
	})}.run(append(flags, "--serve", "127.0.0.1:0")...)
	if got.exit != 0 || site.Addr != "127.0.0.1:0" {
		t.Errorf("%+v at %s", got, site.Addr)
	}
	run(append(flags, "--serve", "127.0.0.1:0", "file.txt")...).wantError(t, 2, "give one of them")
	run(flags...).wantError(t, 2, "give one of them")
}
