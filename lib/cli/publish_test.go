package cli_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hubThatTakes answers as the hub does to a commit of small files, and keeps what it was committed.
func hubThatTakes(t *testing.T, committed *string) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/api/repos/create":
			w.WriteHeader(http.StatusConflict)
		case "/api/models/me/papers/preupload/main":
			fmt.Fprint(w, `{"files":[{"path":"README.md","uploadMode":"regular"},{"path":"config.json","uploadMode":"regular"}]}`)
		case "/api/models/me/papers/commit/main":
			*committed = string(body)
			fmt.Fprintf(w, `{"commitUrl":"http://%s/me/papers/commit/1"}`, r.Host)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestPublishWritesTheCardAndPushesOnlyWhenTold(t *testing.T) {
	var committed string
	server := hubThatTakes(t, &committed)
	t.Setenv("HF_ENDPOINT", server.URL)
	t.Setenv("HF_HUB_OFFLINE", "")
	t.Setenv("HF_TOKEN", "")
	t.Setenv("HF_HOME", t.TempDir()) // where somebody's login would be
	ctx, dir := context.Background(), t.TempDir()
	write(t, dir, "config.json", `{"model_type": "t5"}`)
	write(t, dir, "optimizer.safetensors", "moments")

	got := run(ctx, nil, "publish", dir, "--base-model", "google/flan-t5-small")
	if got.exit != 0 || !strings.Contains(got.out, "config.json") || strings.Contains(got.out, "optimizer") || !strings.Contains(got.err, "nothing was uploaded") {
		t.Errorf("%+v", got)
	}
	card, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil || !strings.Contains(string(card), `base_model: "google/flan-t5-small"`) || committed != "" {
		t.Errorf("%s, %v; the hub got %q", card, err, committed)
	}

	run(ctx, nil, "publish", dir, "--push").wantError(t, 2, "--push needs --repo")
	run(ctx, nil, "publish", dir, "--push", "--repo", "me/papers").wantError(t, 1, "HF_TOKEN is not set")
	t.Setenv("HF_TOKEN", "hf_write")
	if got := run(ctx, nil, "publish", dir, "--push", "--repo", "me/papers"); got.exit != 0 || got.out != server.URL+"/me/papers/commit/1\n" {
		t.Errorf("%+v", got)
	}
	if strings.Count(committed, `"key":"file"`) != 2 || strings.Contains(committed, "optimizer") {
		t.Errorf("committed %s", committed)
	}

	write(t, dir, "README.md", "mine")
	if got := run(ctx, nil, "publish", dir); got.exit != 0 || !strings.Contains(got.err, "--force replaces it") {
		t.Errorf("%+v", got)
	}
	if card, _ := os.ReadFile(filepath.Join(dir, "README.md")); string(card) != "mine" {
		t.Errorf("somebody's card became %s", card)
	}
	if got := run(ctx, nil, "publish", dir, "--force"); got.exit != 0 || strings.Contains(got.err, "stays") {
		t.Errorf("%+v", got)
	}
	run(ctx, nil, "publish", t.TempDir()).wantError(t, 1, "holds no model")
}
