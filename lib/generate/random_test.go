package generate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/peers"
)

// TestSettingsByChanceWriteAsTheLivePeer goes where the goldens do not: small models made by chance, with their special tokens anywhere,
// under settings by chance, each prompt alone and in a padded batch. With PAPERLAB_SOAK there are many more.
func TestSettingsByChanceWriteAsTheLivePeer(t *testing.T) {
	// Where two beams are equal but for rounding, the peer's sums have to be made as it makes them.
	defer tensor.SetKernels(tensor.SetKernels(false))
	count := "15"
	if os.Getenv("PAPERLAB_SOAK") != "" {
		count = "1000"
	}
	dir := t.TempDir()
	var random []golden
	if err := json.Unmarshal([]byte(peers.Run(t, peers.Study, "testdata/make_golden.py", "random", dir, "7", count)), &random); err != nil {
		t.Fatal(err)
	}
	models := map[string]*t5.Model{}
	for i, g := range random {
		m, err := models[g.Model], error(nil)
		if m == nil {
			if m, err = t5.Load(filepath.Join(dir, g.Model), tensor.CPU); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(m.Close)
			models[g.Model] = m
		}
		t.Run(fmt.Sprintf("%d %s %s", i, g.Model, g.Settings), func(t *testing.T) {
			g.check(t, g.alone(t, m))
			g.check(t, g.together(t, m))
		})
	}
}
