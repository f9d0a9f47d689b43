package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The format, as https://github.com/huggingface/safetensors describes it: eight bytes hold the header's length N,
// little-endian; N bytes of JSON describe the tensors; the rest of the file is their data, without holes.
const (
	lengthSize  = 8
	maxHeader   = 100_000_000 // the crate's limit
	metadataKey = "__metadata__"
)

// region is a tensor that a header places at data[begin:end].
type region struct {
	Info
	begin, end int64
}

// parse checks a whole safetensors file and returns its tensors as views into it, in the order of their data.
func parse(file []byte) ([]entry, map[string]string, error) {
	if len(file) < lengthSize {
		return nil, nil, fmt.Errorf("%d bytes are too few for a safetensors file", len(file))
	}
	if bytes.HasPrefix(file, []byte("version https://git-lfs")) {
		return nil, nil, errors.New("this is a Git LFS pointer, not the weights themselves (git lfs pull brings them)")
	}
	length := binary.LittleEndian.Uint64(file)
	if length > maxHeader {
		return nil, nil, fmt.Errorf("a header of %d bytes is over the limit of %d: not a safetensors file, or damaged", length, maxHeader)
	}
	if length > uint64(len(file)-lengthSize) {
		return nil, nil, fmt.Errorf("the header of %d bytes reaches past the end of the file (%d bytes): it is cut short", length, len(file))
	}
	data := file[lengthSize+length:]
	regions, metadata, err := decodeHeader(file[lengthSize : lengthSize+length])
	if err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(regions, func(a, b region) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	if err := checkRegions(regions, int64(len(data))); err != nil {
		return nil, nil, err
	}
	entries := make([]entry, len(regions))
	for i, r := range regions {
		entries[i] = entry{Info: r.Info, data: data[r.begin:r.end:r.end]}
	}
	return entries, metadata, nil
}

// checkRegions holds sorted regions against the size of the data: each is as long as its shape says, each begins
// where the last one ended, and together they are the whole.
func checkRegions(regions []region, size int64) error {
	var end int64
	for _, r := range regions {
		want, err := r.size()
		switch {
		case err != nil:
			return fmt.Errorf("tensor %q: %w", r.Name, err)
		case r.begin < end:
			return fmt.Errorf("tensor %q: data_offsets [%d, %d] overlap the tensor before it", r.Name, r.begin, r.end)
		case r.begin > end:
			return fmt.Errorf("tensor %q: data_offsets [%d, %d] leave a hole after byte %d", r.Name, r.begin, r.end, end)
		case r.end-r.begin != want:
			return fmt.Errorf("tensor %q: data_offsets [%d, %d] do not hold the %d bytes of %s %v", r.Name, r.begin, r.end, want, r.DType, r.Shape)
		case r.end > size:
			return fmt.Errorf("tensor %q: data_offsets [%d, %d] reach past the %d bytes of data: the file is cut short", r.Name, r.begin, r.end, size)
		}
		end = r.end
	}
	if end != size {
		return fmt.Errorf("%d bytes after the last tensor belong to none", size-end)
	}
	return nil
}

func decodeHeader(header []byte) (regions []region, metadata map[string]string, err error) {
	if !utf8.Valid(header) {
		return nil, nil, errors.New("the header is not valid UTF-8")
	}
	if !bytes.HasPrefix(header, []byte("{")) {
		return nil, nil, errors.New("the header does not begin with {")
	}
	dec := json.NewDecoder(bytes.NewReader(header))
	err = members(dec, func(name string) error {
		if name == metadataKey {
			metadata, err = decodeMetadata(dec)
			return err
		}
		r, err := decodeRegion(dec, name)
		regions = append(regions, r)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, nil, errors.New("header: more follows the closing }")
	}
	return regions, metadata, nil
}

func decodeMetadata(dec *json.Decoder) (map[string]string, error) {
	metadata := map[string]string{}
	err := members(dec, func(key string) error {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		value, ok := token.(string)
		if !ok {
			return fmt.Errorf("the value of %q is not a string", key)
		}
		metadata[key] = value
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", metadataKey, err)
	}
	return metadata, nil
}

func decodeRegion(dec *json.Decoder, name string) (region, error) {
	var shape, offsets []count
	r := region{Info: Info{Name: name, Shape: []int64{}}}
	err := checkName(name)
	if err == nil {
		err = members(dec, func(field string) error {
			switch field {
			case "dtype":
				return dec.Decode(&r.DType)
			case "shape":
				return dec.Decode(&shape)
			case "data_offsets":
				return dec.Decode(&offsets)
			}
			return dec.Decode(new(json.RawMessage)) // the crate ignores other fields too
		})
	}
	switch {
	case err != nil:
		return r, fmt.Errorf("tensor %q: %w", name, err)
	case shape == nil:
		return r, fmt.Errorf("tensor %q has no shape", name)
	case len(offsets) != 2:
		return r, fmt.Errorf("tensor %q has %d data_offsets, not 2", name, len(offsets))
	}
	for _, d := range shape {
		r.Shape = append(r.Shape, int64(d))
	}
	r.begin, r.end = int64(offsets[0]), int64(offsets[1])
	return r, nil
}

// members walks the object that comes next. For each member it calls visit, which reads the value from dec.
// A name that comes twice is an error, as the format's description asks (encoding/json and the crate take the last).
func members(dec *json.Decoder, visit func(name string) error) error {
	token, err := dec.Token()
	if err != nil {
		return unexpectedEnd(err)
	}
	if token != json.Delim('{') {
		return errors.New("not a JSON object")
	}
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return unexpectedEnd(err)
		}
		name, _ := token.(string) // the decoder lets nothing else be a name
		if seen[name] {
			return fmt.Errorf("the name %q occurs twice", name)
		}
		seen[name] = true
		if err := visit(name); err != nil {
			return unexpectedEnd(err)
		}
	}
	_, err = dec.Token()
	return unexpectedEnd(err)
}

// unexpectedEnd names the end of the input inside an object for what it is: io.EOF alone would read as success.
func unexpectedEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// checkName refuses names that cannot survive a round trip: encoding/json reads an unpaired surrogate, which the
// crate refuses, as U+FFFD.
func checkName(name string) error {
	if !utf8.ValidString(name) || strings.ContainsRune(name, utf8.RuneError) {
		return errors.New("the name is not valid Unicode")
	}
	if name == metadataKey {
		return errors.New("the name is reserved")
	}
	return nil
}

// count is a non-negative integer as the format allows it: no sign, fraction or exponent, no null.
type count int64

func (c *count) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseUint(string(b), 10, 63)
	if err != nil {
		return fmt.Errorf("%s is not an integer between 0 and 2^63-1", b)
	}
	*c = count(n)
	return nil
}
