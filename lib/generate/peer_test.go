package generate_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"paperlab/lib/generate"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

func TestAtFullSizeBeamsAreTheLivePeers(t *testing.T) {
	venv := os.Getenv("PAPERLAB_PEERS")
	if venv == "" {
		t.Skip("SKIPPED: set PAPERLAB_PEERS to a virtual environment with transformers 4.49.0 to compare with it live")
	}
	c, err := t5.Named("flan-t5-small")
	if err != nil {
		t.Fatal(err)
	}
	m, err := t5.New(c, tensor.CPU, 11)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	dir := t.TempDir()
	if err := m.Save(dir); err != nil {
		t.Fatal(err)
	}
	prompt := make([]int, 1024)
	for i := range prompt {
		prompt[i] = 2 + i*7919%30000
	}
	cfg := generate.Study()
	cfg.MinLength, cfg.MaxLength = 20, 40

	asked, err := json.Marshal(map[string]any{"prompts": [][]int{prompt}, "settings": cfg})
	if err != nil {
		t.Fatal(err)
	}
	peer := exec.CommandContext(t.Context(), filepath.Join(venv, "bin", "python"), "testdata/make_golden.py", dir)
	var answer, failure bytes.Buffer
	peer.Stdin, peer.Stdout, peer.Stderr = bytes.NewReader(asked), &answer, &failure
	if err := peer.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", peer, err, failure.String())
	}
	var want golden
	if err := json.Unmarshal(answer.Bytes(), &want); err != nil {
		t.Fatal(err)
	}
	out, err := generate.Generate(t.Context(), m, [][]int{prompt}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	want.check(t, out)
	if len(slices.Compact(slices.Clone(out[0].IDs))) < 10 {
		t.Errorf("%v is too plain to compare", out[0].IDs)
	}
}
