package checkpoints_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/checkpoints"
)

// write makes a folder of files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func want(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != text {
			t.Errorf("%s holds %q, %v; want %q", name, got, err, text)
		}
	}
	partial, err := filepath.Glob(filepath.Join(dir, "*", "*.partial"))
	if err != nil || len(partial) > 0 {
		t.Errorf("left behind: %v, %v", partial, err)
	}
}

var model = map[string]string{"model/config.json": "{}", "model/model.safetensors": "weights", "index.faiss": ""}

func TestACopyIsWholeAndASecondCopiesNothing(t *testing.T) {
	src, dst := write(t, model), filepath.Join(t.TempDir(), "new", "place")
	var done, total int64
	copied, err := checkpoints.Copy(t.Context(), src, dst, func(d, of int64) { done, total = d, of })
	if err != nil || copied != (checkpoints.Copied{Files: 3, Bytes: 9}) || done != 9 || total != 9 {
		t.Errorf("%+v, %v, %d of %d", copied, err, done, total)
	}
	want(t, dst, model)
	again, err := checkpoints.Copy(t.Context(), src, dst, nil)
	if err != nil || again.Already != 3 {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestWhatWasInterruptedGoesOnAndWhatHasChangedIsReplaced(t *testing.T) {
	src := write(t, model)
	dst := write(t, map[string]string{"model/model.safetensors.partial": "weig", "model/config.json": "{old}", "other": "stays"})
	if copied, err := checkpoints.Copy(t.Context(), src, dst, nil); err != nil || copied.Already != 0 {
		t.Errorf("%+v, %v", copied, err)
	}
	want(t, dst, model)
	want(t, dst, map[string]string{"other": "stays"})
}

func TestTheRestOfAnotherFileIsNotContinued(t *testing.T) {
	src := write(t, model)
	for _, left := range []string{"WEIG", "weights and more"} {
		dst := write(t, map[string]string{"model/model.safetensors.partial": left})
		if _, err := checkpoints.Copy(t.Context(), src, dst, nil); err == nil || !strings.Contains(err.Error(), "call again") {
			t.Errorf("%q: %v", left, err)
		}
		if _, err := checkpoints.Copy(t.Context(), src, dst, nil); err != nil {
			t.Errorf("%q, again: %v", left, err)
		}
		want(t, dst, model)
	}
}

func TestWhatCannotBeCopiedIsRefused(t *testing.T) {
	src := write(t, model)
	linked := write(t, model)
	if err := os.Symlink("index.faiss", filepath.Join(linked, "link")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ src, dst, says string }{
		"into itself":  {src, filepath.Join(src, "copy"), "lies in"},
		"onto itself":  {src, src, "lies in"},
		"nothing":      {t.TempDir(), t.TempDir(), "holds no files"},
		"no folder":    {filepath.Join(src, "gone"), t.TempDir(), "gone"},
		"a link":       {linked, t.TempDir(), "link is no plain file"},
		"below a file": {src, filepath.Join(linked, "index.faiss", "copy"), "index.faiss"},
	} {
		if _, err := checkpoints.Copy(t.Context(), c.src, c.dst, nil); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s", name, err, c.says)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := checkpoints.Copy(ctx, src, t.TempDir(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func ExampleCopy() {
	dir, err := os.MkdirTemp("", "checkpoints-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	src := filepath.Join(dir, "model_checkpoints")
	if err := os.MkdirAll(src, 0o755); err != nil {
		fmt.Println(err)
		return
	}
	if err := os.WriteFile(filepath.Join(src, "config.json"), []byte("{}"), 0o644); err != nil {
		fmt.Println(err)
		return
	}
	copied, err := checkpoints.Copy(context.Background(), src, filepath.Join(dir, "drive"), nil)
	fmt.Println(copied.Files, copied.Bytes, err)
	// Output: 1 2 <nil>
}
