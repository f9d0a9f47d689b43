package safetensors

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Weights is a read-only set of named tensors, backed by one or more memory-mapped files. It may be shared between
// goroutines, except that Close must come after the last use.
//
// As with every memory-mapped file, cutting a file short while it is open ends the process that reads it. [Write]
// replaces a file instead of changing it, so it may be used on one that is open.
type Weights struct {
	path     string
	entries  []entry
	byName   map[string]int
	metadata map[string]string
	maps     [][]byte
	closed   bool
}

// entry is a tensor and where its elements are: a view into a mapped file.
type entry struct {
	Info
	data    []byte
	strides []int64 // of a tensor of a pytorch_model.bin that is not stored in row-major order, else nil
}

// Open opens one file of weights: a .safetensors file, an index of shards (*.index.json), or a PyTorch checkpoint
// that holds a state dict (.bin, .pt, .pth). Anything malformed is refused with an error that names the file.
func Open(path string) (*Weights, error) {
	switch filepath.Ext(path) {
	case ".json":
		return openIndex(path)
	case ".bin", ".pt", ".pth":
		return openFile(path, parseCheckpoint)
	}
	return openFile(path, parse)
}

// OpenFolder opens the weights of a model's folder, in whichever shape it has them. As in Transformers, the first of
// model.safetensors, model.safetensors.index.json, pytorch_model.bin and pytorch_model.bin.index.json counts.
func OpenFolder(dir string) (*Weights, error) {
	names := []string{"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"}
	for _, name := range names {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return Open(path)
		} else if !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s holds no weights: looked for %s: %w", dir, strings.Join(names, ", "), os.ErrNotExist)
}

func openFile(path string, parse func([]byte) ([]entry, map[string]string, error)) (*Weights, error) {
	data, err := mapFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	w := &Weights{path: path, byName: map[string]int{}}
	if data != nil {
		w.maps = [][]byte{data}
	}
	entries, metadata, err := parse(data)
	if err == nil {
		w.metadata = metadata
		err = w.add(entries)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), w.Close())
	}
	return w, nil
}

func (w *Weights) add(entries []entry) error {
	for _, e := range entries {
		if _, twice := w.byName[e.Name]; twice {
			return fmt.Errorf("the name %q occurs twice", e.Name)
		}
		w.byName[e.Name] = len(w.entries)
		w.entries = append(w.entries, e)
	}
	return nil
}

func (w *Weights) find(name string) (entry, error) {
	if w.closed {
		return entry{}, fmt.Errorf("%s: tensor %q: %w", w.path, name, os.ErrClosed)
	}
	i, ok := w.byName[name]
	if !ok {
		return entry{}, fmt.Errorf("%s: no tensor %q among its %d", w.path, name, len(w.entries))
	}
	return w.entries[i], nil
}

// Names returns the tensors' names: in the order of their data in a safetensors file, in the state dict's order in a
// PyTorch checkpoint, file after file in a sharded folder.
func (w *Weights) Names() []string {
	names := make([]string, len(w.entries))
	for i, e := range w.entries {
		names[i] = e.Name
	}
	return names
}

// Info describes a tensor. A name that is not there is an error.
func (w *Weights) Info(name string) (Info, error) {
	e, err := w.find(name)
	e.Shape = slices.Clone(e.Shape)
	return e.Info, err
}

// Bytes returns a tensor's elements, row-major and little-endian. They are a view of read-only memory: valid until
// Close, and writing to them ends the process. Only a tensor that a PyTorch checkpoint stores in another order (a
// transposed one) is copied.
func (w *Weights) Bytes(name string) ([]byte, error) {
	e, err := w.find(name)
	if err != nil {
		return nil, err
	}
	return e.bytes(), nil
}

// Metadata returns the free-form text that the header carries, nil if there is none. Transformers writes
// {"format": "pt"}; a PyTorch checkpoint has no metadata.
func (w *Weights) Metadata() map[string]string { return maps.Clone(w.metadata) }

// Close unmaps the files. What Bytes returned must not be touched any more. Closing twice does nothing.
func (w *Weights) Close() error {
	w.closed = true
	var errs []error
	for _, m := range w.maps {
		if err := unix.Munmap(m); err != nil {
			errs = append(errs, fmt.Errorf("%s: unmapping: %w", w.path, err))
		}
	}
	w.maps = nil
	return errors.Join(errs...)
}
