package sentence_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"paperlab/lib/sentence"
)

// peer runs testdata/make_golden.py with texts on its standard input, and returns its standard output.
func peer(t *testing.T, texts []string, arguments ...string) []byte {
	t.Helper()
	venv := os.Getenv("PAPERLAB_PEERS")
	if venv == "" {
		t.Skip("SKIPPED: set PAPERLAB_PEERS to a virtual environment with sentence-transformers 3.4.1 to compare with it live")
	}
	input, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.Command(filepath.Join(venv, "bin", "python"), append([]string{"testdata/make_golden.py"}, arguments...)...)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.Bytes())
	}
	return out
}

func TestThePeerEmbedsWithWhatWeSaved(t *testing.T) {
	var folders []string
	var ours [][]float32
	for _, change := range []func(dir string){
		func(string) {}, // as it came
		func(dir string) { writePooling(t, dir, false, "cls_token", "max_tokens") },
		func(dir string) { os.Remove(filepath.Join(dir, "modules.json")) },
	} {
		from, to := copyTiny(t), t.TempDir()
		change(from)
		m := load(t, from)
		if err := m.Save(to); err != nil {
			t.Fatal(err)
		}
		folders, ours = append(folders, to), append(ours, encode(t, m, goldenTexts(t), sentence.Options{}))
	}
	var theirs [][][]float32
	if err := json.Unmarshal(peer(t, goldenTexts(t), append([]string{"encode"}, folders...)...), &theirs); err != nil {
		t.Fatal(err)
	}
	for i, vectors := range theirs {
		near(t, "embeddings", ours[i], slices.Concat(vectors...))
	}
	if len(theirs) != len(ours) {
		t.Errorf("the peer loaded %d models of %d", len(theirs), len(ours))
	}
}

func TestWhatThePeerSavedAgainIsTheSameModel(t *testing.T) {
	m, dir := load(t, "testdata/tiny"), t.TempDir()
	if err := m.Save(dir); err != nil {
		t.Fatal(err)
	}
	peer(t, nil, "save", dir)
	again := load(t, filepath.Join(dir, "again"))
	if sum, norm, err := sentence.Change(again, m); sum != 0 || norm != 0 || err != nil {
		t.Errorf("parameters moved by %v (%v)", norm, err)
	}
	if again.MaxLength() != m.MaxLength() {
		t.Errorf("%d tokens at most, it had %d", again.MaxLength(), m.MaxLength())
	}
}
