package nbformat_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/kernel/nbformat"
)

// TestWritesWhatJupyterWrites compares with testdata/roundtrip, made by Jupyter's nbformat.
func TestWritesWhatJupyterWrites(t *testing.T) {
	inputs, err := filepath.Glob("testdata/roundtrip/*.in.ipynb")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, input := range inputs {
		t.Run(filepath.Base(input), func(t *testing.T) {
			golden := strings.TrimSuffix(input, ".in.ipynb") + ".out.ipynb"
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{input, golden} {
				nb, err := nbformat.Read(path)
				if err != nil {
					t.Fatal(err)
				}
				got, err := nb.Encode()
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s is written as\n%s\nwant\n%s", path, got, want)
				}
			}
		})
	}
}

// TestVerdictsAreJupyters compares with testdata/verdicts.json, made by Jupyter's nbformat.
func TestVerdictsAreJupyters(t *testing.T) {
	data, err := os.ReadFile("testdata/verdicts.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Notebook json.RawMessage
		Changes  []struct {
			Name  string
			Valid bool
			Path  []any
			Value json.RawMessage // none to remove what is there
		}
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	if _, err := nbformat.Parse(golden.Notebook); err != nil {
		t.Fatal(err)
	}
	for _, change := range golden.Changes {
		t.Run(change.Name, func(t *testing.T) {
			var tree any
			if err := json.Unmarshal(golden.Notebook, &tree); err != nil {
				t.Fatal(err)
			}
			place := tree
			last := len(change.Path) - 1
			for _, step := range change.Path[:last] {
				place = at(place, step)
			}
			switch step := change.Path[last].(type) {
			case string:
				if place := place.(map[string]any); change.Value == nil {
					delete(place, step)
				} else {
					place[step] = change.Value
				}
			case float64:
				place.([]any)[int(step)] = change.Value
			}
			changed, err := json.Marshal(tree)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := nbformat.Parse(changed); (err == nil) != change.Valid {
				t.Errorf("Parse gives %v, but valid is %v to Jupyter", err, change.Valid)
			}
		})
	}
}

// at steps from a JSON value to one inside it.
func at(value, step any) any {
	if name, ok := step.(string); ok {
		return value.(map[string]any)[name]
	}
	return value.([]any)[int(step.(float64))]
}

// TestNotebooksOfGophernotesComeOutAsTheyWere reads what other people wrote with Jupyter.
func TestNotebooksOfGophernotesComeOutAsTheyWere(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/gopherdata/gophernotes").Output()
	folder := strings.TrimSpace(string(out))
	if err != nil || folder == "" {
		t.Skipf("SKIPPED: the module gophernotes is not in the module cache (go mod download brings it): %v", err)
	}
	paths, err := filepath.Glob(filepath.Join(folder, "examples", "*.ipynb"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notebooks in %s: %v", folder, err)
	}
	for _, path := range paths {
		checkByteStable(t, path)
	}
}

// checkByteStable fails the test unless the notebook at path is written as it was read.
func checkByteStable(t *testing.T, path string) {
	t.Helper()
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	nb, err := nbformat.Parse(want)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	got, err := nb.Encode()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: %d bytes come out as %d other ones", path, len(want), len(got))
	}
}

func TestOurNotebooksAreAsJupyterWouldWriteThem(t *testing.T) {
	paths, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	for _, path := range paths {
		checkByteStable(t, path)
	}
}
