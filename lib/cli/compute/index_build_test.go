package compute_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"codeberg.org/go-pdf/fpdf"
)

// patient is a context that ends when it was asked so many times whether it has.
type patient struct {
	context.Context
	left *atomic.Int64
}

func (p patient) Err() error {
	if p.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func TestABuildGoesOnWhereItWasCutOff(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 3000)
	build := func(out string, left *atomic.Int64) answer {
		return call{ctx: patient{t.Context(), left}}.run("index", "build", "--model", model, "--data", papers, "-o", out)
	}
	var asked atomic.Int64
	const enough = 1 << 40
	asked.Store(enough)
	if got := build("once.faiss", &asked); got.exit != 0 {
		t.Fatal(got.err)
	}
	asked.Store((enough - asked.Load()) * 4 / 5)
	build("cut.faiss", &asked).wantError(t, 1, "the same command goes on behind them", "cut.faiss.vectors-")
	if _, err := os.Stat("cut.faiss"); err == nil {
		t.Error("half an index has its name")
	}
	asked.Store(enough)
	if got := build("cut.faiss", &asked); got.exit != 0 || !strings.Contains(got.err, "embedding: going on behind the ") {
		t.Fatalf("%+v", got)
	}
	for _, file := range []string{"%s.faiss", "%s.faiss.papers.jsonl"} {
		once, err := os.ReadFile(fmt.Sprintf(file, "once"))
		if err != nil {
			t.Fatal(err)
		}
		if cut, err := os.ReadFile(fmt.Sprintf(file, "cut")); !bytes.Equal(once, cut) || err != nil {
			t.Errorf("%s is another file (%v)", file, err)
		}
	}
	if left, err := filepath.Glob("*.part*"); len(left) > 0 || err != nil {
		t.Errorf("%v are left (%v)", left, err)
	}
}

func TestAModelTrainedAnewIsNotKeptWaitingByWhatTheFormerOneBegan(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 3000)
	var asked atomic.Int64
	build := func() answer {
		return call{ctx: patient{t.Context(), &asked}}.run("index", "build", "--model", model, "--data", papers, "-o", "i.faiss")
	}
	asked.Store(1 << 40)
	if got := build(); got.exit != 0 {
		t.Fatal(got.err)
	}
	asked.Store(((1 << 40) - asked.Load()) * 4 / 5)
	build().wantError(t, 1, "the same command goes on behind them")
	begun, err := filepath.Glob("i.faiss.vectors-*.part")
	if err != nil || len(begun) != 1 {
		t.Fatalf("%v, %v", begun, err)
	}

	weights := filepath.Join(model, "model.safetensors")
	former, err := os.ReadFile(weights)
	if err != nil {
		t.Fatal(err)
	}
	anew := bytes.Clone(former)
	anew[len(anew)-2] ^= 1
	write(t, model, "model.safetensors", string(anew))
	asked.Store(1 << 40)
	if got := build(); got.exit != 0 || !strings.Contains(got.err, begun[0]+" is what another model began") {
		t.Errorf("%+v", got)
	}
	write(t, model, "model.safetensors", string(former))
	if got := build(); got.exit != 0 || !strings.Contains(got.err, "going on behind the ") {
		t.Errorf("%+v", got)
	}
}

func TestAnIndexOfAFolderOfPDFs(t *testing.T) {
	dir := folder(t)
	model := tinyBERT(t, dir)
	page := func(name string, lines ...string) {
		file := fpdf.New("P", "mm", "A4", "")
		file.SetFont("Times", "", 12)
		file.AddPage()
		for _, line := range lines {
			file.MultiCell(0, 6, line, "", "L", false)
		}
		path := filepath.Join(dir, "papers", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := file.OutputFileAndClose(path); err != nil {
			t.Fatal(err)
		}
	}
	page("light.pdf", "On the Bending of Light", "A. Author, University of Somewhere", "Abstract", "Light bends near the sun.", "It was seen in 1919.", "1 Introduction", "Nobody reads this.")
	page("more/stars.PDF", "Stars far away", "Stars shine in empty space.")
	page("alone.pdf", "A title alone")
	write(t, filepath.Join(dir, "papers"), "broken.pdf", "%PDF-1.7 of no use")
	write(t, filepath.Join(dir, "papers"), "notes.txt", "no paper")
	got := run("index", "build", "--model", model, "--data", "papers", "-o", "pdfs.faiss")
	if got.exit != 0 || !strings.HasPrefix(got.out, "pdfs.faiss: 3 papers, 16 dimensions (") {
		t.Fatalf("%+v", got)
	}
	for _, part := range []string{"skipped papers/broken.pdf: pdf: it is damaged", "1 of 4 PDF files could not be read"} {
		if !strings.Contains(got.err, part) {
			t.Errorf("%q is not in %s", part, got.err)
		}
	}
	hits := decode[struct {
		ID, Title, Abstract string
		Rank                int
		Similarity          any
	}](t, must(t, "index", "search", "light sun seen", "--by", "words", "--index", "pdfs.faiss", "--json"))
	if len(hits) != 1 || hits[0].ID != "light.pdf" || hits[0].Title != "On the Bending of Light" || hits[0].Abstract != "Light bends near the sun. It was seen in 1919." {
		t.Errorf("%+v", hits)
	}
	if got := must(t, "index", "search", "--more-like", filepath.Join("more", "stars.PDF"), "--index", "pdfs.faiss", "-k", "1"); !strings.HasPrefix(got, "1. ") {
		t.Errorf("%q", got)
	}
	run("index", "build", "--model", model, "--data", "papers", "--strict").wantError(t, 1, "broken.pdf")
	write(t, dir, "broken.pdf", "no PDF")
	if err := os.Mkdir(filepath.Join(dir, "all-broken"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "all-broken"), "broken.pdf", "no PDF")
	run("index", "build", "--model", model, "--data", "all-broken").wantError(t, 1, "none of the 1 PDF files could be read")
}

func TestAnIndexRemembersThePromptOfItsPapers(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	for _, flags := range [][]string{nil, {"--prompt", "stars shine "}} {
		build := append([]string{"index", "build", "--model", model, "--data", papers}, flags...)
		must(t, append(build, "--limit", "7", "-o", "parts.faiss")...)
		must(t, "index", "add", "--index", "parts.faiss", "--data", papers)
		must(t, append(build, "-o", "whole.faiss")...)
		if info := must(t, "index", "info", "--index", "parts.faiss"); strings.Contains(info, `behind "stars shine "`) != (flags != nil) {
			t.Errorf("%v: %q", flags, info)
		}
		for _, question := range [][]string{{"stars"}, {"--more-like", "p5"}} {
			ask := func(index string) string {
				return must(t, append(append([]string{"index", "search", "--index", index}, question...), flags...)...)
			}
			if parts, whole := ask("parts.faiss"), ask("whole.faiss"); parts != whole {
				t.Errorf("%v: in parts it says\n%s\nas a whole\n%s", flags, parts, whole)
			}
		}
	}
}

func TestAChangedModelIsNoticed(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 9)
	must(t, "index", "build", "--model", model, "--data", papers)
	must(t, "index", "search", "light")
	path := filepath.Join(model, "model.safetensors")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-2] ^= 1
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	// Of the same size, and as old as it was.
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	run("index", "search", "light").wantError(t, 1, "another model", fmt.Sprintf("built by %s", model), "trained anew since: paperlab index build --model "+model)
}
