package cli_test

import (
	"context"
	"crypto/sha1"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// hubOf serves one model's only file as the hub does.
func hubOf(t *testing.T, content string) *httptest.Server {
	const commit = "0123456789abcdef0123456789abcdef01234567"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/models/google/tiny/revision/main":
			fmt.Fprintf(w, `{"sha":%q,"siblings":[{"rfilename":"config.json"}]}`, commit)
		case "/google/tiny/resolve/" + commit + "/config.json":
			w.Header().Set("X-Repo-Commit", commit)
			w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(content), content))))
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			if r.Method == http.MethodGet {
				fmt.Fprint(w, content)
			}
		default:
			w.Header().Set("X-Error-Code", "RepoNotFound")
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestFetchBringsAModelIntoTheCache(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("HF_HUB_CACHE", cache)
	t.Setenv("HF_HOME", cache)
	t.Setenv("HF_HUB_OFFLINE", "")
	t.Setenv("HF_ENDPOINT", hubOf(t, `{"model_type": "t5"}`).URL)
	got := run(context.Background(), nil, "fetch", "google/tiny")
	if got.exit != 0 || !strings.Contains(got.err, "google/tiny: 20/20 (100%)") {
		t.Fatalf("%+v", got)
	}
	dir := strings.TrimSpace(got.out)
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 1 || !strings.HasPrefix(dir, cache) {
		t.Errorf("%s holds %v", dir, files)
	}
	if again := run(context.Background(), nil, "fetch", "google/tiny"); again.out != got.out || again.err != "" {
		t.Errorf("again: %+v", again)
	}
}

func TestFetchSaysWhatIsWrong(t *testing.T) {
	t.Setenv("HF_HUB_CACHE", t.TempDir())
	t.Setenv("HF_HUB_OFFLINE", "")
	t.Setenv("HF_ENDPOINT", hubOf(t, "").URL)
	for name, c := range map[string]struct {
		args []string
		exit int
		says string
	}{
		"no model":                       {nil, 2, "fetch: wants MODEL|DATASET, got nothing"},
		"a name that leads out of there": {[]string{"../../etc"}, 1, "no name of a model"},
		"the arXiv snapshot":             {[]string{"arxiv"}, 1, "put arxiv-metadata-oai-snapshot.json into"},
		"a model that the hub lacks":     {[]string{"google/huge"}, 1, "fetching google/huge: "},
	} {
		t.Run(name, func(t *testing.T) {
			run(context.Background(), nil, append([]string{"fetch"}, c.args...)...).wantError(t, c.exit, c.says)
		})
	}
}
