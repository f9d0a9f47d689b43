package generate_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"paperlab/lib/generate"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/peers"
)

func TestAtFullSizeBeamsAreTheLivePeers(t *testing.T) {
	peers.Python(t, peers.Study) // or skips
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
	peer := peers.Command(t, peers.Study, "testdata/make_golden.py", dir)
	peer.Stdin = bytes.NewReader(asked)
	var want golden
	if err := json.Unmarshal([]byte(peers.Output(t, peer)), &want); err != nil {
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
