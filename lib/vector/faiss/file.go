package faiss

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"

	gofaiss "github.com/DataIntelligenceCrew/go-faiss"
	"github.com/google/renameio/v2"
)

// Write writes the index to path in FAISS's format. The file appears whole or not at all: a former file of that name
// stays as it was until the new one is on the disk.
func (x *Index) Write(path string) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.flat == nil {
		return ErrClosed
	}
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return fmt.Errorf("faiss: write %s: %w", path, err)
	}
	defer file.Cleanup()
	if err := call(func() error { return gofaiss.WriteIndex(x.flat, file.Name()) }); err != nil {
		return fmt.Errorf("faiss: write %s: %w", path, err)
	}
	// FAISS does not report that closing its file failed, as on a full disk.
	if _, err := checkFlatL2(file.File); err != nil {
		return fmt.Errorf("faiss: write %s: what was written is not whole, is the disk full? %w", path, err)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("faiss: write %s: %w", path, err)
	}
	return nil
}

// Read reads an index that Write, or faiss.write_index in Python, wrote; the caller closes it. Files of other kinds of
// index, and damaged ones, are refused: FAISS sees only a file whose header agrees with its size.
func Read(path string) (*Index, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("faiss: read index: %w", err)
	}
	defer file.Close()
	dim, err := checkFlatL2(file)
	if err != nil {
		return nil, fmt.Errorf("faiss: read %s: %w", path, err)
	}
	var flat *gofaiss.IndexImpl
	err = call(func() (err error) {
		flat, err = gofaiss.ReadIndex(path, 0)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("faiss: read %s: %w", path, err)
	}
	return &Index{dim: dim, flat: flat}, nil
}

// flatHeader is how FAISS's index_write.cpp opens the file of a flat index, in little-endian order without padding.
// The vectors follow as float32.
type flatHeader struct {
	Kind    [4]byte // "IxF2"
	Dim     int32
	Len     int64
	_       [2]int64
	Trained bool
	Metric  int32  // 1: L2
	Numbers uint64 // Len * Dim
}

// checkFlatL2 returns the dimension of the flat L2 index in the file, or an error unless the file is exactly that.
func checkFlatL2(file *os.File) (int, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	var h flatHeader
	size := int64(binary.Size(h))
	if err := binary.Read(io.NewSectionReader(file, 0, size), binary.LittleEndian, &h); err != nil {
		return 0, fmt.Errorf("no FAISS index: %d bytes are less than a header", info.Size())
	}
	vectors := info.Size() - size
	switch {
	case string(h.Kind[:]) != "IxF2":
		return 0, fmt.Errorf("no flat L2 index of FAISS: it begins with %q, not with \"IxF2\"", h.Kind)
	case h.Dim < 1 || h.Len < 0 || !h.Trained || h.Metric != gofaiss.MetricL2:
		return 0, fmt.Errorf("damaged: a header with dimension %d, %d vectors, metric %d", h.Dim, h.Len, h.Metric)
	case h.Len > math.MaxInt64/4/int64(h.Dim), vectors != h.Len*int64(h.Dim)*4, h.Numbers != uint64(vectors)/4:
		return 0, fmt.Errorf("damaged: %d vectors of dimension %d do not fill the %d bytes after the header", h.Len, h.Dim, vectors)
	}
	return int(h.Dim), nil
}
