package hub_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/hub"
)

// trained are the files of a checkpoint; published are those that belong on the hub.
var (
	trained = map[string]string{
		"README.md":               "card",
		"config.json":             "{}",
		"empty.safetensors":       "",
		"medium.safetensors":      strings.Repeat("m", 999),
		"same.safetensors":        strings.Repeat("m", 999),
		"model.safetensors":       strings.Repeat("weights", 150),
		"1_Pooling/config.json":   "{ }",
		"training.log":            "ignored by the repository",
		"optimizer.safetensors":   "moments",
		"training.json":           "random state",
		"manifest.json":           "sums",
		".env":                    "secret",
		".git/config":             "secret",
		"checkpoint-7/model.json": "older",
	}
	published = []string{"README.md", "config.json", "empty.safetensors", "medium.safetensors", "same.safetensors", "model.safetensors", "1_Pooling/config.json"}
)

func folder(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func wantPublished(t *testing.T, s *fakeStore) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	want := map[string]string{}
	for _, file := range published {
		want[file] = trained[file]
	}
	if !maps.Equal(s.files, want) {
		t.Errorf("the hub has %q, want %q", s.files, want)
	}
}

func TestPushUploadsAModelInOneCommit(t *testing.T) {
	s := newFakeStore(t)
	s.busy = true
	dir := folder(t, trained)
	var last [2]int64
	address, err := s.cache().Push(t.Context(), dir, "me/papers", "First", func(done, total int64) { last = [2]int64{done, total} })
	if err != nil || address != s.site.URL+"/me/papers/commit/"+commit {
		t.Fatalf("%q, %v", address, err)
	}
	wantPublished(t, s)
	if last != [2]int64{999 + 1050, 999 + 1050} { // of two equal files one is sent
		t.Errorf("the last progress is %v", last)
	}
	s.sent = 0
	if _, err := s.cache().Push(t.Context(), dir, "me/papers", "Again", nil); err != nil || s.sent != 0 {
		t.Errorf("again: %d uploads, %v", s.sent, err)
	}
	wantPublished(t, s)
}

func TestPushSaysWhyItCannot(t *testing.T) {
	model := map[string]string{"config.json": "{}"}
	for name, c := range map[string]struct {
		repository string
		change     func(s *fakeStore, c *hub.Cache, dir string)
		says       string
	}{
		"no token":            {"me/papers", func(_ *fakeStore, c *hub.Cache, _ string) { c.Token = "" }, "HF_TOKEN is not set (make a token that may write"},
		"a token of others":   {"me/papers", func(_ *fakeStore, c *hub.Cache, _ string) { c.Token = "x" }, "set HF_TOKEN to a token that may write"},
		"offline":             {"me/papers", func(_ *fakeStore, c *hub.Cache, _ string) { c.Offline = true }, "HF_HUB_OFFLINE"},
		"no organization":     {"papers", nil, "whose repository"},
		"no name":             {"../papers", nil, "no name of a model"},
		"others' repository":  {"you/papers", nil, "404"},
		"an empty folder":     {"me/papers", func(_ *fakeStore, _ *hub.Cache, dir string) { os.Remove(filepath.Join(dir, "config.json")) }, "holds no files"},
		"a link":              {"me/papers", func(_ *fakeStore, _ *hub.Cache, dir string) { os.Symlink("/etc/hostname", filepath.Join(dir, "x.txt")) }, "no plain file"},
		"a storage that lies": {"me/papers", func(s *fakeStore, _ *hub.Cache, dir string) { s.lose = true }, "NotArrived it is"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newFakeStore(t)
			cache, dir := s.cache(), folder(t, model)
			if name == "a storage that lies" {
				dir = folder(t, trained)
			}
			if c.change != nil {
				c.change(s, &cache, dir)
			}
			_, err := cache.Push(t.Context(), dir, c.repository, "x", nil)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one that says %q", err, c.says)
			}
			if err != nil && (strings.Contains(err.Error(), "signature") || strings.Contains(err.Error(), writeToken)) {
				t.Errorf("the error shows a secret: %v", err)
			}
			if len(s.files) != 0 {
				t.Errorf("committed %q", s.files)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newFakeStore(t).cache().Push(ctx, folder(t, model), "me/papers", "x", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

func TestTheHubOfTheseTestsTakesWhatThePeerPushes(t *testing.T) {
	s := newFakeStore(t)
	dir := t.TempDir()
	for _, file := range append(published, "training.log") {
		path := filepath.Join(dir, file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(trained[file]), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	cache := s.cache()
	cache.Dir = t.TempDir()
	got := python(t, cache, `
from huggingface_hub import HfApi
api = HfApi()
api.create_repo("me/papers", exist_ok=True)
print(api.upload_folder(repo_id="me/papers", folder_path="`+dir+`", commit_message="First"))`)
	if !strings.HasSuffix(got, "/me/papers/tree/main/") && !strings.Contains(got, commit) {
		t.Errorf("the peer says %q", got)
	}
	wantPublished(t, s)
}
