package search

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
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
	Prompt string `json:"prompt,omitempty"`
	Size   int    `json:"papers"`
	papers []Paper
}

func (c *catalogue) add(papers []corpus.Paper) {
	for _, p := range papers {
		c.papers = append(c.papers, kept(p))
	}
	c.Size = len(c.papers)
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

// readCatalogue reads the catalogue of an index of so many vectors, whose papers have this hash. Papers beyond those are left out: they
// were being added when somebody was interrupted.
func readCatalogue(index string, vectors int, hash string) (catalogue, error) {
	c, found, err := decodeCatalogue(cataloguePath(index), vectors)
	if err != nil {
		return c, err
	}
	if len(c.papers) < vectors || len(c.papers) != c.Size {
		return c, fmt.Errorf("%s has %d papers of %d, %s has %d vectors", cataloguePath(index), len(c.papers), c.Size, index, vectors)
	}
	if found != hash {
		return c, fmt.Errorf("%s holds the papers of another index", cataloguePath(index))
	}
	c.papers, c.Size = c.papers[:vectors], vectors
	return c, nil
}

// hash identifies the papers and their order.
func (c catalogue) hash() (string, error) {
	hash := sha256.New()
	for _, p := range c.papers {
		if err := console.JSON(hash, p); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// decodeCatalogue reads a catalogue, and the hash of its first papers from their lines.
func decodeCatalogue(path string, first int) (c catalogue, hash string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return c, "", err
	}
	defer f.Close()
	sum := sha256.New()
	lines := bufio.NewReaderSize(f, 1<<16)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 && number > 1 {
			return c, hex.EncodeToString(sum.Sum(nil)), nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return c, "", err
		}
		var p Paper
		if number == 1 {
			err = json.Unmarshal(line, &c)
		} else {
			err = json.Unmarshal(line, &p)
		}
		if err != nil {
			return c, "", fmt.Errorf("%s: line %d: %w", path, number, err)
		}
		if number == 1 {
			continue
		}
		if len(c.papers) < first {
			sum.Write(line)
		}
		c.papers = append(c.papers, p)
	}
}
