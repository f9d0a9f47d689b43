package godoc_test

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/godoc"
)

// tree makes a source tree from file names and texts.
func tree(files map[string]string) fs.FS {
	src := fstest.MapFS{}
	for name, text := range files {
		src[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return src
}

func TestPapers(t *testing.T) {
	const three = "// %s does one thing. It does another. It ends.\n"
	comment := func(name string) string { return strings.ReplaceAll(three, "%s", name) }
	src := tree(map[string]string{
		"net/http/doc.go": "/*\nPackage http serves, e.g. pages. Second?\n\n# A heading\n\nSee [Get] (by R. Pike).\n\n" +
			"  - An item.\n  - Another item\n\nCode:\n\n\tcode. Not. Prose.\n*/\npackage http\n",
		"net/http/get.go": "package http\n\n" + comment("Get") + "func Get() {}\n\n" + comment("hidden") + "func hidden() {}\n\n" +
			"// Two sentences. Are too few.\nfunc Few() {}\n",
		"net/http/types.go": "package http\n\n" + comment("Client") + "type Client struct{}\n\n" + comment("Do") + "func (c *Client) Do() {}\n\n" +
			comment("NewClient") + "func NewClient() *Client { return nil }\n\n" + comment("StatusOK") + "const StatusOK = 200\n",
		"net/http/only_windows.go": "package http\n\n" + comment("Windows") + "func Windows() {}\n",
		"net/http/get_test.go":     "package http\n\n" + comment("Test") + "func Test() {}\n",
		"net/http/gen.go":          "//go:build ignore\n\n" + comment("Package main") + "package main\n",
		"fmt/print.go":             comment("Package fmt") + "package fmt\n",
		"internal/a/a.go":          comment("Package a") + "package a\n",
		"net/internal/b/b.go":      comment("Package b") + "package b\n",
		"vendor/c/c.go":            comment("Package c") + "package c\n",
		"net/testdata/d.go":        "no Go at all",
		"cmd/go/main.go":           comment("Command go") + "package main\n",
		"README":                   "text",
	})
	got, err := godoc.Papers(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	paper := func(title, name, category string) corpus.Paper {
		return corpus.Paper{ID: title, Title: title, Categories: category, Authors: "The Go Authors",
			Abstract: name + " does one thing.", Article: "It does another.\nIt ends."}
	}
	want := []corpus.Paper{
		paper("fmt", "Package fmt", "fmt"),
		{ID: "net/http", Title: "net/http", Categories: "net", Authors: "The Go Authors", Sections: []string{"A heading"},
			Abstract: "Package http serves, e.g. pages.", Article: "Second?\nSee Get (by R. Pike).\nAn item.\nAnother item\nCode:"},
		paper("net/http.StatusOK", "StatusOK", "net"),
		paper("net/http.Get", "Get", "net"),
		paper("net/http.Client", "Client", "net"),
		paper("net/http.NewClient", "NewClient", "net"),
		paper("net/http.Client.Do", "Do", "net"),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestSourceThatDoesNotParseIsAnError(t *testing.T) {
	_, err := godoc.Papers(t.Context(), tree(map[string]string{"fmt/bad.go": "package fmt\nfunc {"}))
	if err == nil || !strings.Contains(err.Error(), "godoc: package fmt: fmt/bad.go:2:6") {
		t.Errorf("got %v", err)
	}
}

func TestCancelledContextStopsReading(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := godoc.Papers(ctx, tree(map[string]string{"fmt/fmt.go": "package fmt"}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestStandardLibrary(t *testing.T) {
	src, err := godoc.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	papers, err := godoc.Papers(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	again, err := godoc.Papers(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(papers, again) {
		t.Error("two readings of the same tree differ")
	}

	seen, categories, size := map[string]bool{}, map[string]bool{}, 0
	for _, p := range papers {
		if seen[p.ID] {
			t.Errorf("two papers have the id %s", p.ID)
		}
		seen[p.ID], categories[p.Categories] = true, true
		size += len(p.Title) + len(p.Abstract) + len(p.Article)
		if p.Abstract == "" || !strings.Contains(p.Article, "\n") {
			t.Errorf("%s has fewer than three sentences: %q %q", p.ID, p.Abstract, p.Article)
		}
		if strings.Contains(p.ID, "internal/") || strings.HasPrefix(p.ID, "cmd") || strings.HasPrefix(p.ID, "vendor") {
			t.Errorf("%s is no part of the public library", p.ID)
		}
	}
	t.Logf("%d papers of %d categories, %.2f MB", len(papers), len(categories), float64(size)/1e6)
	if len(papers) < 1000 {
		t.Errorf("%d papers, want 1000 or more", len(papers))
	}
	for _, id := range []string{"net/http", "net/http.Client.Do", "context.WithDeadline", "sort.Slice"} {
		if !seen[id] {
			t.Errorf("no paper %s", id)
		}
	}
}

func TestSourceFollowsGOROOT(t *testing.T) {
	t.Setenv("GOROOT", filepath.Join(t.TempDir(), "none"))
	if _, err := godoc.Source(t.Context()); err == nil || !strings.Contains(err.Error(), "set GOROOT") {
		t.Errorf("got %v, want an error that says what to do", err)
	}
}

func BenchmarkPapers(b *testing.B) {
	src, err := godoc.Source(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := godoc.Papers(b.Context(), src); err != nil {
			b.Fatal(err)
		}
	}
}
