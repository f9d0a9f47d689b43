package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
)

// Matrix is a file of vectors, read from where one wants. It may be shared between goroutines.
type Matrix struct {
	file      *os.File
	begin     int64
	rows, dim int
}

// Open opens a file whose header agrees with its size. The caller closes it.
func Open(path string) (*Matrix, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	m := &Matrix{file: file}
	if err := m.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("npy: %s: %w", path, err), file.Close())
	}
	return m, nil
}

func (m *Matrix) check() (err error) {
	if m.begin, m.rows, m.dim, err = readHeader(m.file); err != nil {
		return err
	}
	info, err := m.file.Stat()
	if err != nil {
		return err
	}
	numbers := (info.Size() - m.begin) / 4
	if fits := m.dim > 0 && numbers%int64(m.dim) == 0 && numbers/int64(m.dim) == int64(m.rows); !fits || info.Size() != m.begin+4*numbers {
		return fmt.Errorf("damaged: %d vectors of %d components do not fill %d bytes", m.rows, m.dim, info.Size()-m.begin)
	}
	return nil
}

// Rows is the number of vectors.
func (m *Matrix) Rows() int { return m.rows }

// Dim is the number of components of a vector.
func (m *Matrix) Dim() int { return m.dim }

// Read returns n vectors from the one of number first on, one after the other.
func (m *Matrix) Read(first, n int) ([]float32, error) {
	if first < 0 || n < 0 || n > m.rows-first {
		return nil, fmt.Errorf("npy: read: vectors %d to %d of %d", first, first+n, m.rows)
	}
	return readRows(m.file, m.begin, m.dim, first, n)
}

func readRows(file *os.File, begin int64, dim, first, n int) ([]float32, error) {
	data := make([]byte, 4*n*dim)
	if _, err := file.ReadAt(data, begin+4*int64(first)*int64(dim)); err != nil {
		return nil, fmt.Errorf("npy: read vectors %d to %d: %w", first, first+n, err)
	}
	return decode(data), nil
}

// Close lets go of the file.
func (m *Matrix) Close() error { return m.file.Close() }

func encode(values []float32) []byte {
	data := make([]byte, 4*len(values))
	for i, v := range values {
		binary.LittleEndian.PutUint32(data[4*i:], math.Float32bits(v))
	}
	return data
}

func decode(data []byte) []float32 {
	values := make([]float32, len(data)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return values
}
