package faiss

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"paperlab/lib/vector"
)

// trailer is what our files hold behind FAISS's part: a mark, it as JSON, the SHA-256 of all before, the JSON's length in 8
// bytes, and another mark.
type trailer struct {
	Dim    int           `json:"dim"`
	Metric vector.Metric `json:"metric"`
	Model  string        `json:"model,omitempty"`
	Kind   string        `json:"kind"`
	Note   string        `json:"note,omitempty"`
	IDs    []int64       `json:"ids"` // in their order
}

const (
	head = "\npaperlab index\n"
	mark = "paperlab"
)

// trailerEnd is the size of what comes behind the JSON.
const trailerEnd = sha256.Size + 8 + len(mark)

// errNoTrailer says that a file is not ours.
var errNoTrailer = errors.New("nothing is behind FAISS's part")

// append writes the trailer behind the rest of a file.
func (t trailer) append(file *os.File) error {
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := file.Write(append([]byte(head), text...)); err != nil {
		return err
	}
	sum, err := checksum(file, end+int64(len(head)+len(text)))
	if err != nil {
		return err
	}
	rest := binary.LittleEndian.AppendUint64(sum, uint64(len(text)))
	_, err = file.Write(append(rest, mark...))
	return err
}

// readTrailer reads the trailer of a file and checks all of it.
func readTrailer(file *os.File) (t trailer, err error) {
	info, err := file.Stat()
	if err != nil {
		return t, err
	}
	end := make([]byte, trailerEnd)
	begin := info.Size() - int64(trailerEnd)
	if begin > 0 {
		if _, err := file.ReadAt(end, begin); err != nil {
			return t, err
		}
	}
	if string(end[trailerEnd-len(mark):]) != mark {
		return t, withoutTrailer(file)
	}
	length := binary.LittleEndian.Uint64(end[sha256.Size:])
	if length > uint64(begin) {
		return t, fmt.Errorf("damaged: %d bytes of ids in a file of %d", length, info.Size())
	}
	sum, err := checksum(file, begin)
	if err != nil {
		return t, err
	}
	if !bytes.Equal(sum, end[:sha256.Size]) {
		return t, errors.New("damaged: its checksum does not fit (copy it again, or build it anew)")
	}
	text := make([]byte, length)
	if _, err := file.ReadAt(text, begin-int64(length)); err != nil {
		return t, err
	}
	if err := json.Unmarshal(text, &t); err != nil {
		return t, fmt.Errorf("damaged: %w", err)
	}
	return t, (vector.Spec{Dim: t.Dim, Metric: t.Metric}).Validate()
}

// withoutTrailer tells files of others from those of ours whose end is gone.
func withoutTrailer(file *os.File) error {
	content := bufio.NewReader(io.NewSectionReader(file, 0, math.MaxInt64))
	for {
		// The mark begins with a line's end: behind the next one is the rest of it, or not.
		if _, err := content.ReadSlice('\n'); errors.Is(err, bufio.ErrBufferFull) {
			continue
		} else if errors.Is(err, io.EOF) {
			return errNoTrailer
		} else if err != nil {
			return err
		}
		if rest, err := content.Peek(len(head) - 1); err == nil && string(rest) == head[1:] {
			return errors.New("damaged: its end is missing (copy it again, or build it anew)")
		}
	}
}

// checksum is the SHA-256 of the first n bytes of a file.
func checksum(file *os.File, n int64) ([]byte, error) {
	hash := sha256.New()
	_, err := io.Copy(hash, io.NewSectionReader(file, 0, n))
	return hash.Sum(nil), err
}
