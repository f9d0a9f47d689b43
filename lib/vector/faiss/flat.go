package faiss

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"

	gofaiss "github.com/DataIntelligenceCrew/go-faiss"
)

// flatHeader is how FAISS's index_write.cpp opens the file of a flat index, in little-endian order without padding.
// The vectors follow as float32.
type flatHeader struct {
	Kind    [4]byte // "IxF2" or "IxFI"
	Dim     int32
	Len     int64
	_       [2]int64
	Trained bool
	Metric  int32
	Numbers uint64 // Len * Dim
}

// checkFlat returns an error unless the file is exactly a flat index: FAISS then sees only a header that agrees with the size.
func checkFlat(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	var h flatHeader
	size := int64(binary.Size(h))
	if err := binary.Read(io.NewSectionReader(file, 0, size), binary.LittleEndian, &h); err != nil {
		return fmt.Errorf("no FAISS index: %d bytes are less than a header", info.Size())
	}
	metric := int32(gofaiss.MetricL2)
	if string(h.Kind[:]) == "IxFI" {
		metric = gofaiss.MetricInnerProduct
	}
	vectors := info.Size() - size
	switch {
	case h.Dim < 1 || h.Len < 0 || !h.Trained || h.Metric != metric:
		return fmt.Errorf("damaged: a header with dimension %d, %d vectors, metric %d", h.Dim, h.Len, h.Metric)
	case h.Len > math.MaxInt64/4/int64(h.Dim), vectors != h.Len*int64(h.Dim)*4, h.Numbers != uint64(vectors)/4:
		return fmt.Errorf("damaged: %d vectors of dimension %d do not fill the %d bytes after the header", h.Len, h.Dim, vectors)
	}
	return nil
}
