package sentence_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/sentence"
	"paperlab/peers"
)

// peer runs testdata/make_golden.py with texts on its standard input, and returns its standard output.
func peer(t *testing.T, texts []string, arguments ...string) []byte {
	t.Helper()
	input, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := peers.Command(t, peers.Study, append([]string{"testdata/make_golden.py"}, arguments...)...)
	cmd.Stdin = bytes.NewReader(input)
	return []byte(peers.Output(t, cmd))
}

func TestThePeerEmbedsWithWhatWeSaved(t *testing.T) {
	var folders []string
	var ours [][]float32
	for _, change := range []func(dir string){
		func(string) {}, // as it came
		func(dir string) { writePooling(t, dir, false, "cls_token", "max_tokens") },
		func(dir string) { os.Remove(filepath.Join(dir, "modules.json")) },
		func(dir string) { writeDense(t, dir) },
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
		nntest.Near(t, "embeddings", ours[i], slices.Concat(vectors...))
	}
	if len(theirs) != len(ours) {
		t.Errorf("the peer loaded %d models of %d", len(theirs), len(ours))
	}
}

func TestWhatThePeerSavedAgainIsTheSameModel(t *testing.T) {
	plain, dense := copyTiny(t), copyTiny(t)
	writeDense(t, dense)
	peer(t, nil, "save", plain, dense)
	for _, dir := range []string{plain, dense} {
		m, again := load(t, dir), load(t, filepath.Join(dir, "again"))
		before, err := m.Hash()
		if err != nil {
			t.Fatal(err)
		}
		if after, err := again.Hash(); after != before || err != nil {
			t.Errorf("another hash (%v)", err)
		}
		if again.MaxLength() != m.MaxLength() || again.Dim() != m.Dim() {
			t.Errorf("%d components of %d tokens at most, it had %d of %d", again.Dim(), again.MaxLength(), m.Dim(), m.MaxLength())
		}
	}
}
