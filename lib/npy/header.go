package npy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// magic opens a file of version 1.0; the length of the description follows in two bytes.
const magic = "\x93NUMPY\x01\x00"

// headerSize is that of the files that we write, whatever number of rows they tell: so a matrix can grow.
const headerSize = 128

// header returns the beginning of a file with a matrix.
func header(rows, dim int) []byte {
	description := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", rows, dim)
	const length = headerSize - 10 // behind the magic and its own two bytes
	text := []byte(magic)
	text = binary.LittleEndian.AppendUint16(text, length)
	text = append(text, description...)
	text = append(text, strings.Repeat(" ", length-len(description)-1)...)
	return append(text, '\n')
}

// description is what NumPy writes about a matrix of float32, in this order.
var description = regexp.MustCompile(`^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \} *\n$`)

// readHeader returns where the vectors of a file begin, how many there are and how many components each has.
func readHeader(r io.ReaderAt) (begin int64, rows, dim int, err error) {
	const fixed = len(magic) + 2
	start := make([]byte, fixed)
	if _, err := r.ReadAt(start, 0); err != nil && !errors.Is(err, io.EOF) {
		return 0, 0, 0, err
	}
	if !bytes.HasPrefix(start, []byte(magic)) {
		return 0, 0, 0, errors.New("no file of NumPy's format 1.0")
	}
	text := make([]byte, binary.LittleEndian.Uint16(start[len(magic):]))
	if _, err := r.ReadAt(text, int64(fixed)); err != nil {
		return 0, 0, 0, fmt.Errorf("damaged: its header is cut off (%w)", err)
	}
	found := description.FindSubmatch(text)
	if found == nil {
		return 0, 0, 0, fmt.Errorf("holds %.100q, where a matrix of float32 in C's order is known", text)
	}
	rows, errRows := strconv.Atoi(string(found[1]))
	dim, errDim := strconv.Atoi(string(found[2]))
	if err := errors.Join(errRows, errDim); err != nil {
		return 0, 0, 0, fmt.Errorf("damaged: %w", err)
	}
	return int64(fixed + len(text)), rows, dim, nil
}
