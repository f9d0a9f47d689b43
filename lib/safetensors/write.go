package safetensors

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/google/renameio/v2"
)

// Tensor is what [Write] writes: a name, a type, a shape (empty for a scalar) and the elements, row-major and
// little-endian.
type Tensor struct {
	Name  string
	DType DType
	Shape []int64
	Data  []byte
}

// Write makes a safetensors file of the tensors, in any order. The bytes are those that safetensors.torch.save_file
// writes: tensors by dtype from the widest to the narrowest, then by name. Metadata keys are sorted, where Python's
// order of more than one changes from run to run. Nil metadata writes none; Transformers wants {"format": "pt"}.
//
// The file appears whole or not at all: it is written beside path, synced and renamed, so an existing file is
// replaced in one step and stays as it was if anything fails. A name that comes twice, an unknown dtype or data that
// does not fit its shape is an error before anything is written.
func Write(path string, tensors []Tensor, metadata map[string]string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing %s: %w", path, err)
		}
	}()
	tensors = slices.SortedFunc(slices.Values(tensors), func(a, b Tensor) int {
		return cmp.Or(cmp.Compare(b.DType.rank(), a.DType.rank()), cmp.Compare(a.Name, b.Name))
	})
	header, err := encodeHeader(tensors, metadata)
	if err != nil {
		return err
	}
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
	if err != nil {
		return bare(err)
	}
	defer file.Cleanup()
	if _, err := file.Write(header); err != nil {
		return err
	}
	for _, t := range tensors {
		if _, err := file.Write(t.Data); err != nil {
			return err
		}
	}
	return file.CloseAtomicallyReplace()
}

// encodeHeader checks the tensors, which are in the order of the file, and returns all that comes before the data:
// the length, and the JSON padded with spaces to a multiple of eight bytes.
func encodeHeader(tensors []Tensor, metadata map[string]string) ([]byte, error) {
	b := append(make([]byte, lengthSize), '{')
	if metadata != nil {
		b = appendMetadata(b, metadata)
	}
	seen := map[string]bool{}
	var begin int64
	for _, t := range tensors {
		if seen[t.Name] {
			return nil, fmt.Errorf("the name %q occurs twice", t.Name)
		}
		seen[t.Name] = true
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
		}
		end := begin + int64(len(t.Data))
		b = appendRegion(b, t, begin, end)
		begin = end
	}
	b = append(b, '}')
	for len(b)%8 != 0 {
		b = append(b, ' ')
	}
	if len(b) > maxHeader {
		return nil, fmt.Errorf("a header of %d bytes is over the limit of %d", len(b), maxHeader)
	}
	binary.LittleEndian.PutUint64(b, uint64(len(b)-lengthSize))
	return b, nil
}

func (t Tensor) check() error {
	if err := checkName(t.Name); err != nil {
		return err
	}
	want, err := Info{DType: t.DType, Shape: t.Shape}.size()
	if err == nil && want != int64(len(t.Data)) {
		err = fmt.Errorf("%d bytes of data, but %s %v takes %d", len(t.Data), t.DType, t.Shape, want)
	}
	return err
}

func appendMetadata(b []byte, metadata map[string]string) []byte {
	b = append(appendString(b, metadataKey), ':', '{')
	for i, key := range slices.Sorted(maps.Keys(metadata)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, key), ':')
		b = appendString(b, metadata[key])
	}
	return append(b, '}')
}

func appendRegion(b []byte, t Tensor, begin, end int64) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = appendString(b, t.Name)
	b = append(appendString(append(b, `:{"dtype":`...), string(t.DType)), `,"shape":[`...)
	for i, d := range t.Shape {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, d, 10)
	}
	return fmt.Appendf(b, `],"data_offsets":[%d,%d]}`, begin, end)
}

// appendString quotes s as serde_json does, which escapes less than encoding/json: quotes, backslashes and control
// characters only. Invalid UTF-8 becomes U+FFFD, one per byte.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b = append(b, '\\', byte(r))
		case '\b':
			b = append(b, `\b`...)
		case '\f':
			b = append(b, `\f`...)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			if r < ' ' {
				b = fmt.Appendf(b, `\u%04x`, r)
			} else {
				b = utf8.AppendRune(b, r)
			}
		}
	}
	return append(b, '"')
}
