package compute_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newFolder is a folder of a fuzzer, which has no test to take one from, as the working directory.
func newFolder(f *testing.F) string {
	f.Helper()
	dir := f.TempDir()
	f.Chdir(dir)
	return dir
}

// answered fails unless the command did its work, or said in one line why not.
func answered(t *testing.T, a answer) {
	t.Helper()
	message := strings.TrimSuffix(a.err, "\n")
	if (a.exit == 0) != (message == "") || strings.Contains(message, "\n") {
		t.Errorf("exit %d: %q", a.exit, a.err)
	}
}

func FuzzConfigFile(f *testing.F) {
	newFolder(f)
	for _, seed := range []string{`{"epochs": 3, "name": "a", "strict": true}`, `{"learning-rate": 1e-3}`, `{"epochs": [1]}`, `{} {}`, `{"config": "x"}`, "", "null"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "config.json")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		// These papers are not there, so that no flag leads any further.
		a := run("train", "summarize", "--data", "./gone.jsonl", "--config", path)
		answered(t, a)
		if a.exit == 0 {
			t.Error("trained on nothing")
		}
	})
}

func FuzzTokenizedExamples(f *testing.F) {
	dir := newFolder(f)
	model := tinyT5(f, dir)
	for _, seed := range []string{`{"input_ids":[5,1],"labels":[6,1]}` + "\n" + `{"input_ids":[1],"labels":[-100,1]}`, `{"input_ids":[1e9],"labels":[1]}`, `{}`, "[", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "examples.jsonl")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		answered(t, run("eval", "summarize", "--model", model, "--tokenized", path))
	})
}

func FuzzCatalogue(f *testing.F) {
	dir := newFolder(f)
	must(f, "index", "build", "--model", tinyBERT(f, dir), "--data", abstracts(f, dir, 3), "-o", "papers.faiss")
	whole, err := os.ReadFile("papers.faiss.papers.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"model":"m","papers":3}` + "\n{}\n{}\n{}\n"))
	f.Add([]byte(`{"papers":-1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile("papers.faiss.papers.jsonl", data, 0o644); err != nil {
			t.Fatal(err)
		}
		answered(t, run("index", "info", "--index", "papers.faiss"))
	})
}
