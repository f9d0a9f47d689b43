package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"paperlab/tracker"
)

func testTexts(t *testing.T, open func(t *testing.T) tracker.Store) {
	store := open(t)
	run := Create(t, store, "texts")
	at := began.Truncate(time.Millisecond)
	texts := []tracker.Text{
		{Key: "summary", Step: 2, Time: at, Session: 1, Body: "second epoch"},
		{Key: "summary", Step: 1, Time: at, Session: 1, Body: ""},
		{Key: "console", Step: 1, Time: at, Session: 1, Body: "long " + strings.Repeat("\u00e9", 100_000)},
		{Key: "summary", Step: 2, Time: at, Session: 2, Body: "second epoch again"},
	}
	for _, text := range texts {
		if err := store.AddText(t.Context(), run.ID, text); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := store.Texts(t.Context(), run.ID, ""); err != nil || !reflect.DeepEqual(got, texts) {
		t.Errorf("all: got %v, %v", got, err)
	}
	got, err := store.Texts(t.Context(), run.ID, "summary")
	if want := []tracker.Text{texts[0], texts[1], texts[3]}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("one key: got %v, %v", got, err)
	}
	if err := store.AddText(t.Context(), run.ID, tracker.Text{Body: "x"}); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("empty key: got %v", err)
	}
}

func testArtifacts(t *testing.T, open func(t *testing.T) tracker.Store) {
	const hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	t.Run("contents come back by their hash", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "artifacts")
		var saved []tracker.Artifact
		for _, a := range []struct{ name, content string }{
			{"model/weights.bin", "hello"}, {"copy of it", "hello"}, {"empty", ""}, {"model/weights.bin", "newer"},
		} {
			artifact, err := store.SaveArtifact(t.Context(), run.ID, a.name, began, strings.NewReader(a.content))
			if err != nil || artifact.Name != a.name || artifact.Size != int64(len(a.content)) {
				t.Fatalf("got %v, %v", artifact, err)
			}
			saved = append(saved, artifact)
			file, err := store.OpenArtifact(t.Context(), artifact.Hash)
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(file)
			if err := errors.Join(err, file.Close()); err != nil || string(content) != a.content {
				t.Errorf("%s: got %q, %v", a.name, content, err)
			}
		}
		if saved[0].Hash != hello || saved[1].Hash != hello {
			t.Errorf("got %v", saved)
		}
		if got, err := store.Artifacts(t.Context(), run.ID); err != nil || !reflect.DeepEqual(got, saved) {
			t.Errorf("got %v, %v; want %v", got, err, saved)
		}
	})

	t.Run("an unsafe name is refused", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "unsafe")
		for _, name := range []string{"", ".", "..", "/etc/passwd", "a/../b", "a//b", "a/", `a\b`, "a\x00b", strings.Repeat("x", 501)} {
			if _, err := store.SaveArtifact(t.Context(), run.ID, name, began, strings.NewReader("x")); !errors.Is(err, tracker.ErrInvalid) {
				t.Errorf("%q: got %v", name, err)
			}
		}
	})

	t.Run("a content that cannot be read to its end is not kept", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "broken")
		broken := io.MultiReader(bytes.NewReader(make([]byte, 100_000)), iotest.ErrReader(io.ErrUnexpectedEOF))
		if _, err := store.SaveArtifact(t.Context(), run.ID, "a", began, broken); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := store.SaveArtifact(ctx, run.ID, "a", began, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if got, err := store.Artifacts(t.Context(), run.ID); err != nil || len(got) != 0 {
			t.Errorf("got %v, %v", got, err)
		}
	})

	t.Run("a hash that was never saved is not found", func(t *testing.T) {
		store := open(t)
		if _, err := store.OpenArtifact(t.Context(), hello); !errors.Is(err, tracker.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		for _, hash := range []string{"", "zz", "../../../../etc/passwd", hello + "/.."} {
			if _, err := store.OpenArtifact(t.Context(), hash); !errors.Is(err, tracker.ErrInvalid) {
				t.Errorf("%q: got %v", hash, err)
			}
		}
	})
}

func testSearch(t *testing.T, open func(t *testing.T) tracker.Store) {
	store := open(t)
	ids := map[string]string{}
	for i, name := range []string{"cosine warm-up", "linear", "Linear 50%"} {
		run := NewRun(t, name)
		run.Started = began.Add(time.Duration(i) * time.Second)
		run.Tags = map[string]string{"best": name[:3]}
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		ids[run.ID] = name
	}
	find := func(words string, want ...string) {
		t.Helper()
		found, err := store.Search(t.Context(), words)
		var got []string
		for _, id := range found {
			got = append(got, ids[id])
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %q, %v; want %q", words, got, err, want)
		}
	}
	find("linear", "Linear 50%", "linear")
	find("LIN 50%", "Linear 50%")
	find("best cos", "cosine warm-up")
	find(`0% "'`)
	find("_")
	find("", "Linear 50%", "linear", "cosine warm-up")
	find("attention")

	// What is written later is found too, and what was replaced no longer.
	for id, name := range ids {
		if name != "linear" {
			continue
		}
		if err := store.AddText(t.Context(), id, tracker.Text{Key: "summary", Session: 1, Body: "Self-attention layers\nof depth 2"}); err != nil {
			t.Fatal(err)
		}
		if _, err := store.UpdateRun(t.Context(), id, func(r *tracker.Run) error { r.Name, r.Notes = "renamed", "watch it"; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	find("layers attention", "linear")
	find("attention 2", "linear")
	find("linear", "Linear 50%")
	find("watch", "linear")
}
