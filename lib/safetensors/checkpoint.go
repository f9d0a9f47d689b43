package safetensors

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"strings"
)

// howToConvert ends every refusal of a PyTorch checkpoint. Cloning separates tied weights, which save_file refuses.
const howToConvert = `convert it with PyTorch: python -c "import sys, torch; from safetensors.torch import save_file; ` +
	`save_file({k: v.clone().contiguous() for k, v in torch.load(sys.argv[1], map_location='cpu', weights_only=True).items()}, ` +
	`sys.argv[2], {'format': 'pt'})" pytorch_model.bin model.safetensors`

// parseCheckpoint reads a state dict that torch.save (1.6 or later) wrote: an uncompressed zip archive with the
// pickled dict in data.pkl, and one record data/KEY for each storage that its tensors look into.
func parseCheckpoint(file []byte) ([]entry, map[string]string, error) {
	entries, err := readStateDict(file)
	if err != nil {
		return nil, nil, fmt.Errorf("not a PyTorch state dict that can be read safely: %w; %s", err, howToConvert)
	}
	return entries, nil, nil
}

func readStateDict(file []byte) ([]entry, error) {
	a, err := openArchive(file)
	if err != nil {
		return nil, err
	}
	if a.records["byteorder"] != nil { // PyTorch before 2.1 did not write it
		order, err := a.record("byteorder")
		if err != nil {
			return nil, err
		}
		if string(order) != "little" {
			return nil, fmt.Errorf("its byte order is %q, not little", order)
		}
	}
	program, err := a.record("data.pkl")
	if err != nil {
		return nil, err
	}
	return unpickle(program, func(key string) ([]byte, error) { return a.record("data/" + key) })
}

// archive is a zip file in memory: its records, by their names below the one folder that holds them all.
type archive struct {
	file    []byte
	records map[string]*zip.File
	views   map[string][]byte // the records read so far
}

func openArchive(file []byte) (*archive, error) {
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, fmt.Errorf("not a whole zip archive, as PyTorch writes since 1.6: %w", err)
	}
	a := &archive{file: file, records: map[string]*zip.File{}, views: map[string][]byte{}}
	for _, f := range r.File {
		_, name, _ := strings.Cut(f.Name, "/") // the folder's name differs from file to file
		if a.records[name] != nil {
			return nil, fmt.Errorf("record %s occurs twice", f.Name)
		}
		a.records[name] = f
	}
	return a, nil
}

// record returns a record's bytes as a view, once their checksum is verified.
func (a *archive) record(name string) ([]byte, error) {
	if view, ok := a.views[name]; ok {
		return view, nil
	}
	f := a.records[name]
	if f == nil {
		return nil, fmt.Errorf("it has no record %s", name)
	}
	offset, err := f.DataOffset()
	if err != nil {
		return nil, fmt.Errorf("record %s: %w", name, err)
	}
	begin, size := uint64(offset), f.UncompressedSize64
	switch {
	case f.Method != zip.Store || f.CompressedSize64 != size:
		return nil, fmt.Errorf("record %s is compressed, which PyTorch never does", name)
	case begin > uint64(len(a.file)) || size > uint64(len(a.file))-begin:
		return nil, fmt.Errorf("record %s reaches past the end of the file", name)
	}
	view := a.file[begin : begin+size : begin+size]
	if crc32.ChecksumIEEE(view) != f.CRC32 {
		return nil, fmt.Errorf("record %s does not match its checksum: the file is damaged", name)
	}
	a.views[name] = view
	return view, nil
}
