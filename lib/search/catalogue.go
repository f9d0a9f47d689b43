package search

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/google/renameio/v2"

	"paperlab/lib/console"
	"paperlab/lib/corpus"
)

// catalogue is what lies beside an index of vectors: which model made them, and the papers that they stand for.
type catalogue struct {
	Model  string `json:"model"` // folder or name
	Size   int    `json:"papers"`
	papers []Paper
}

func newCatalogue(model string, papers []corpus.Paper) catalogue {
	c := catalogue{Model: model, Size: len(papers)}
	for _, p := range papers {
		c.papers = append(c.papers, kept(p))
	}
	return c
}

// cataloguePath is the file of an index's catalogue: JSON lines, the first about all, then one a paper in the order of the
// vectors.
func cataloguePath(index string) string { return index + ".papers.jsonl" }

// write writes the catalogue of an index, atomically.
func (c catalogue) write(index string) error {
	file, err := renameio.NewPendingFile(cataloguePath(index), renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer file.Cleanup()
	w := bufio.NewWriter(file)
	if err := console.JSON(w, c); err != nil {
		return err
	}
	for _, p := range c.papers {
		if err := console.JSON(w, p); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.CloseAtomicallyReplace()
}

// readCatalogue reads the catalogue of an index of so many vectors.
func readCatalogue(index string, vectors int) (catalogue, error) {
	c, err := decodeCatalogue(cataloguePath(index))
	if err == nil && (c.Size != vectors || len(c.papers) != vectors) {
		err = fmt.Errorf("%s has %d papers, %s has %d vectors", cataloguePath(index), len(c.papers), index, vectors)
	}
	return c, err
}

func decodeCatalogue(path string) (c catalogue, err error) {
	f, err := os.Open(path)
	if err != nil {
		return c, err
	}
	defer f.Close()
	decoder := json.NewDecoder(bufio.NewReader(f))
	if err := decoder.Decode(&c); err != nil {
		return c, fmt.Errorf("%s: line 1: %w", path, err)
	}
	for {
		var p Paper
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return c, fmt.Errorf("%s: line %d: %w", path, len(c.papers)+2, err)
		}
		c.papers = append(c.papers, p)
	}
}
