package safetensors

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// openIndex opens the shards beside an index file and shows them as one. The index decides which shard a tensor
// comes from; tensors that it does not list are left out.
func openIndex(path string) (*Weights, error) {
	shardOf, err := readIndex(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	w := &Weights{path: path, byName: map[string]int{}}
	for _, shard := range slices.Compact(slices.Sorted(maps.Values(shardOf))) {
		if err := w.addShard(shard, shardOf); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", path, err), w.Close())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(shardOf)) {
		if _, ok := w.byName[name]; !ok {
			return nil, errors.Join(fmt.Errorf("%s: tensor %q is not in %s", path, name, shardOf[name]), w.Close())
		}
	}
	return w, nil
}

// readIndex returns the file of each tensor that an index lists.
func readIndex(path string) (map[string]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, bare(err)
	}
	var index struct {
		WeightMap map[string]string `json:"weight_map"`
	}
	if err := json.Unmarshal(data, &index); err != nil {
		return nil, fmt.Errorf("not an index of shards: %w", err)
	}
	if len(index.WeightMap) == 0 {
		return nil, errors.New("not an index of shards: weight_map lists no tensor")
	}
	return index.WeightMap, nil
}

func (w *Weights) addShard(shard string, shardOf map[string]string) error {
	// An index may come from anywhere: it must not lead out of its folder, nor to an index, which could be itself.
	if ext := filepath.Ext(shard); filepath.Base(shard) != shard || ext != ".safetensors" && ext != ".bin" {
		return fmt.Errorf("%q is not the name of a shard", shard)
	}
	part, err := Open(filepath.Join(filepath.Dir(w.path), shard))
	if err != nil {
		return err
	}
	w.maps = append(w.maps, part.maps...)
	if w.metadata == nil {
		w.metadata = part.metadata // save_pretrained writes the same into every shard
	}
	return w.add(slices.DeleteFunc(part.entries, func(e entry) bool { return shardOf[e.Name] != shard }))
}
