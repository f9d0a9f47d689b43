package t5_test

import (
	"bytes"
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/peers"
)

// askPeer runs one of make_golden.py's modes in the live Python peer and returns what it prints.
func askPeer(t *testing.T, stdin []byte, arguments ...string) string {
	t.Helper()
	peer := peers.Command(t, peers.Study, append([]string{"testdata/make_golden.py"}, arguments...)...)
	peer.Stdin = bytes.NewReader(stdin)
	return strings.TrimSpace(peers.Output(t, peer))
}

func TestAtFullSizeTheLossIsTheLivePeers(t *testing.T) {
	const batch, length, target = 2, 256, 64
	peers.Python(t, peers.Study) // or skips
	c, err := t5.Named("flan-t5-small")
	if err != nil {
		t.Fatal(err)
	}
	m, err := t5.New(c, tensor.CPU, 7)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	dir := t.TempDir()
	if err := m.Save(dir); err != nil {
		t.Fatal(err)
	}
	var ids, mask, labels []int64
	for i := range batch * length {
		present := i/length == 0 || i%length < 100
		ids, mask = append(ids, 0), append(mask, 0)
		if present {
			ids[i], mask[i] = int64(2+i*7919%30000), 1
		}
	}
	for i := range batch * target {
		labels = append(labels, int64(2+i*104729%30000))
		if i/target == 1 && i%target >= 40 {
			labels[i] = -100
		}
	}
	asked, err := json.Marshal(map[string]any{
		"input_ids": slices.Collect(slices.Chunk(ids, length)), "attention_mask": slices.Collect(slices.Chunk(mask, length)),
		"labels": slices.Collect(slices.Chunk(labels, target)),
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := strconv.ParseFloat(askPeer(t, asked, "loss", dir), 64)
	if err != nil {
		t.Fatal(err)
	}
	s := nntest.NewScope(t)
	loss := m.Loss(s, t5.Batch{
		InputIDs: s.FromInt64s(ids, batch, length), AttentionMask: s.FromInt64s(mask, batch, length), Labels: s.FromInt64s(labels, batch, target),
	})
	if got := float64(nntest.Float32s(t, s, loss)[0]); math.Abs(got/want-1) > 1e-4 {
		t.Errorf("loss %g, the peer's %g", got, want)
	}
}

func TestWhatWeSaveThePeerLoadsAndTheOtherWayRound(t *testing.T) {
	m, dir := newModel(t, 5), t.TempDir()
	if err := m.Save(dir); err != nil {
		t.Fatal(err)
	}
	askPeer(t, nil, "save", dir)
	if !slices.Equal(values(t, load(t, filepath.Join(dir, "again")).Parameters()), values(t, m.Parameters())) {
		t.Error("weights changed on the way to the peer and back")
	}
}
