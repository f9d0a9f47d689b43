package faiss

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	gofaiss "github.com/DataIntelligenceCrew/go-faiss"
	"github.com/google/renameio/v2"

	"paperlab/lib/vector"
)

// Write writes the index to path in FAISS's format, with our own part behind it (see the package), and in that a note
// of the caller's. The file appears whole or not at all: a former file of that name stays as it was until the new one
// is on the disk.
func (x *Index) Write(path, note string) error {
	if err := x.write(path, note); err != nil {
		return fmt.Errorf("faiss: write %s: %w", path, err)
	}
	return nil
}

func (x *Index) write(path, note string) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.index == nil {
		return vector.ErrClosed
	}
	if x.ids == nil {
		return errForeign
	}
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return err
	}
	defer file.Cleanup()
	if err := call(func() error { return gofaiss.WriteIndex(x.index, file.Name()) }); err != nil {
		return err
	}
	t := trailer{
		Dim: x.spec.Dim, Metric: x.spec.Metric, Model: x.spec.Model, Kind: x.kind, Note: note, IDs: slices.Sorted(maps.Keys(x.ids)),
	}
	if err := t.append(file.File); err != nil {
		return err
	}
	// FAISS does not report that closing its file failed, as on a full disk: reading it again does.
	if err := verify(file.Name(), len(x.ids)); err != nil {
		return fmt.Errorf("what was written is not whole, is the disk full? %w", err)
	}
	return file.CloseAtomicallyReplace()
}

// verify opens a file of ours as [Read] does.
func verify(path string, vectors int) error {
	again, err := read(path)
	if err != nil {
		return err
	}
	defer again.Close()
	if n := int(again.index.Ntotal()); n != vectors {
		return fmt.Errorf("%d of %d vectors", n, vectors)
	}
	return nil
}

// Read reads an index that Write, or faiss.write_index in Python, wrote; the caller closes it. Ours are refused where their
// checksum does not fit. Of others, flat ones are refused where their header does not agree with their size; the rest is
// left to FAISS, whose reader was not made for hostile files, and cannot be changed or written, since FAISS does not tell the ids.
func Read(path string) (*Index, error) {
	x, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("faiss: read %s: %w", path, err)
	}
	return x, nil
}

func read(path string) (*Index, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	t, err := readTrailer(file)
	if errors.Is(err, errNoTrailer) {
		return readForeign(file)
	}
	if err != nil {
		return nil, err
	}
	index, err := load(path)
	if err != nil {
		return nil, err
	}
	if index.D() != t.Dim || index.Ntotal() != int64(len(t.IDs)) {
		index.Delete()
		return nil, fmt.Errorf("damaged: %d vectors of dimension %d, %d ids and dimension %d behind them", index.Ntotal(), index.D(), len(t.IDs), t.Dim)
	}
	x := &Index{
		spec: vector.Spec{Dim: t.Dim, Metric: t.Metric, Model: t.Model}, kind: t.Kind, note: t.Note,
		index: index, ids: make(map[int64]bool, len(t.IDs)),
	}
	for _, id := range t.IDs {
		x.ids[id] = true
	}
	return x, nil
}

// readForeign reads a file without our part.
func readForeign(file *os.File) (*Index, error) {
	magic := make([]byte, 4)
	if _, err := io.ReadFull(io.NewSectionReader(file, 0, 4), magic); err != nil {
		return nil, errors.New("no FAISS index: it has no four bytes")
	}
	flat := string(magic) == "IxF2" || string(magic) == "IxFI"
	if flat {
		if err := checkFlat(file); err != nil {
			return nil, err
		}
	}
	index, err := load(file.Name())
	if err != nil {
		return nil, err
	}
	metric, known := map[int]vector.Metric{gofaiss.MetricL2: vector.L2, gofaiss.MetricInnerProduct: vector.InnerProduct}[index.MetricType()]
	x := &Index{spec: vector.Spec{Dim: index.D(), Metric: metric}, index: index}
	if err := x.spec.Validate(); err != nil || !known {
		index.Delete()
		return nil, fmt.Errorf("metric %d: neither L2 nor an inner product (%w)", index.MetricType(), err)
	}
	if flat {
		x.kind = "Flat"
	}
	return x, nil
}

func load(path string) (index *gofaiss.IndexImpl, err error) {
	err = call(func() (err error) {
		index, err = gofaiss.ReadIndex(path, 0)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("damaged, or no FAISS index: %w", err)
	}
	return index, nil
}
