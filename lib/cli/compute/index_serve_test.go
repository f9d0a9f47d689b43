package compute_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"paperlab/lib/cli/compute"
)

// visit returns an Open that says where the site is, lets a test ask its handler, and ends.
func visit(site *compute.Site, visitor func(http.Handler)) compute.Open {
	return func(_ context.Context, s compute.Site) error {
		*site = s
		if err := s.Ready("http://127.0.0.1:7273", s.Token); err != nil {
			return err
		}
		visitor(s.Handler)
		return nil
	}
}

func TestIndexServeAnswersAsIndexSearchDoes(t *testing.T) {
	dir := folder(t)
	t.Setenv("PAPERLAB_TOKEN", "from the environment")
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	must(t, "index", "build", "--model", model, "--data", papers)
	type question struct {
		parameters url.Values
		args       []string
	}
	var site compute.Site
	got := call{open: visit(&site, func(handler http.Handler) {
		for name, c := range map[string]question{
			"by meaning":     {url.Values{"q": {"light bends near the sun"}, "k": {"3"}}, []string{"light bends near the sun", "-k", "3"}},
			"by both, in cs": {url.Values{"q": {"light"}, "k": {"4"}, "by": {"both"}, "category": {"cs"}}, []string{"light", "-k", "4", "--by", "both", "--category", "cs"}},
			"more like one":  {url.Values{"like": {"p7"}, "k": {"5"}}, []string{"--more-like", "p7", "-k", "5"}},
		} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest("GET", "/api/search?"+c.parameters.Encode(), nil))
			var served struct{ Hits []json.RawMessage }
			if err := json.Unmarshal(w.Body.Bytes(), &served); err != nil || w.Code != 200 {
				t.Fatalf("%s: %d %s", name, w.Code, w.Body)
			}
			var lines strings.Builder
			for _, hit := range served.Hits {
				lines.Write(append(hit, '\n'))
			}
			if want := must(t, append([]string{"index", "search", "--json"}, c.args...)...); lines.String() != want || want == "" {
				t.Errorf("%s: served\n%s\nprinted\n%s", name, lines.String(), want)
			}
		}
	})}.run("index", "serve", "--addr", "127.0.0.1:0")
	want := "Open http://127.0.0.1:7273/?token=from the environment in a browser to search the 30 papers of model_checkpoints/paper_index.faiss. Ctrl-C ends the server.\n"
	if got.exit != 0 || got.out != want || site.Addr != "127.0.0.1:0" {
		t.Errorf("%+v at %s", got, site.Addr)
	}
	got = call{open: visit(&site, func(http.Handler) {})}.run("index", "serve", "--json", "--token", "given by the flag")
	if want := `{"address":"http://127.0.0.1:7273","token":"given by the flag"}` + "\n"; got.out != want || site.Addr != "127.0.0.1:7273" {
		t.Errorf("%+v at %s", got, site.Addr)
	}
}

func TestIndexServeSaysWhatIsWrong(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 3)
	must(t, "index", "build", "--model", model, "--data", papers)
	taken := func(context.Context, compute.Site) error {
		return errors.New("serve at 127.0.0.1:7273: address already in use")
	}
	for name, c := range map[string]struct {
		args []string
		exit int
		says string
	}{
		"a taken port":               {nil, 1, "address already in use"},
		"an index that is not there": {[]string{"--index", "gone.faiss"}, 1, "index build"},
		"a model that is not there":  {[]string{"--model", "./gone"}, 1, "./gone"},
		"an argument":                {[]string{"7273"}, 2, "7273"},
	} {
		t.Run(name, func(t *testing.T) {
			call{open: taken}.run(append([]string{"index", "serve"}, c.args...)...).wantError(t, c.exit, c.says)
		})
	}
}
