package symbols

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
)

// What [Facts] registered, by package path. It is filled while packages are initialized and read afterwards.
var (
	typeData = map[string]*zip.File{}
	docData  = map[string]*zip.File{}
)

// Facts registers what package bind wrote beside the bindings: an archive with the types of packages and some packages'
// docs. It is called while packages are initialized, and panics if the archive is damaged.
func Facts(archive []byte) {
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		panic(fmt.Sprintf("symbols: the embedded facts of bound packages are damaged: %v", err))
	}
	for _, file := range files.File {
		switch kind, path, _ := bytes.Cut([]byte(file.Name), []byte("/")); string(kind) {
		case "types":
			typeData[string(path)] = file
		case "docs":
			docData[string(path)] = file
		}
	}
}

// contents reads a file of an archive.
func contents(file *zip.File) ([]byte, error) {
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
