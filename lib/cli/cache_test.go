package cli_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"paperlab/lib/cli"
)

func TestTheCacheIsListedAndRemovedFrom(t *testing.T) {
	t.Setenv("HF_HUB_CACHE", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HF_HUB_OFFLINE", "")
	t.Setenv("HF_ENDPOINT", hubOf(t, `{"model_type": "t5"}`).URL)
	ctx := context.Background()
	if got := run(ctx, nil, "cache", "ls"); got.exit != 0 || got.out != "" || !strings.Contains(got.err, "nothing is in") {
		t.Errorf("%+v", got)
	}
	if got := run(ctx, nil, "fetch", "google/tiny"); got.exit != 0 {
		t.Fatalf("%+v", got)
	}
	const commit = "0123456789abcdef0123456789abcdef01234567"
	if got := run(ctx, nil, "cache", "ls"); !strings.Contains(got.out, "google/tiny") || !strings.Contains(got.out, commit) || !strings.Contains(got.out, "main") {
		t.Errorf("%+v", got)
	}
	got := run(ctx, nil, "cache", "ls", "--json")
	var line struct {
		Name      string
		Bytes     int64
		Revisions []struct {
			Commit string
			Refs   []string
			Files  int
			Bytes  int64
		}
	}
	if err := json.Unmarshal([]byte(got.out), &line); err != nil || line.Name != "google/tiny" || len(line.Revisions) != 1 || line.Revisions[0].Bytes != 20 {
		t.Errorf("%+v: %+v, %v", got, line, err)
	}
	run(ctx, nil, "cache", "rm", "google/tiny@v2").wantError(t, 1, "revision v2 is not there")
	if got := run(ctx, nil, "cache", "rm", "google/tiny@main"); got.exit != 0 || !strings.Contains(got.out, "google/tiny@main: removed, 0.0 MB freed") {
		t.Errorf("%+v", got)
	}
	run(ctx, nil, "cache", "rm", "google/tiny").wantError(t, 1, "it is not in", "paperlab cache ls")
	run(ctx, nil, "cache", "rm").wantError(t, 2)
}

func TestWhatPaperlabKeepsForItselfIsListedAndRemoved(t *testing.T) {
	t.Setenv("HF_HUB_CACHE", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	ctx := context.Background()
	dir, err := cli.Tokens.Dir()
	if err != nil {
		t.Fatal(err)
	}
	if got := run(ctx, nil, "cache", "rm", "paperlab/tokens"); got.exit != 0 || !strings.Contains(got.out, "paperlab/tokens: removed, 0.0 MB freed") {
		t.Errorf("where there is no cache: %+v", got)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "a.tokens", strings.Repeat("x", 2e6))
	write(t, dir, "b.tokens", "x")
	if got := run(ctx, nil, "cache", "ls", "--json"); got.out != `{"name":"paperlab/tokens","files":2,"bytes":2000001}`+"\n" {
		t.Errorf("%+v", got)
	}
	if got := run(ctx, nil, "cache", "rm", "paperlab/tokens"); got.exit != 0 || !strings.Contains(got.out, "paperlab/tokens: removed, 2.0 MB freed") {
		t.Errorf("%+v", got)
	}
	if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
		t.Errorf("%v is left (%v)", left, err)
	}
	if got := run(ctx, nil, "cache", "ls"); got.out != "" || !strings.Contains(got.err, "nothing is in") {
		t.Errorf("%+v", got)
	}
}
