package compute

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/google/renameio/v2"

	"paperlab/lib/corpus"
)

// paper is what an index keeps of a paper, beside its vector, to show when it is found.
type paper struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Abstract string `json:"abstract"`
}

// papersPath is the file of the papers of an index, one JSON object a line in the order of the vectors.
func papersPath(index string) string { return index + ".papers.jsonl" }

// writePapers writes the papers of an index, atomically.
func writePapers(index string, papers []corpus.Paper) error {
	file, err := renameio.NewPendingFile(papersPath(index), renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer file.Cleanup()
	w := bufio.NewWriter(file)
	encoder := json.NewEncoder(w)
	for _, p := range papers {
		if err := encoder.Encode(paper{p.ID, p.Title, p.Abstract}); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.CloseAtomicallyReplace()
}

// readPapers reads them back; want is how many vectors the index has.
func readPapers(index string, want int) ([]paper, error) {
	f, err := os.Open(papersPath(index))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var papers []paper
	decoder := json.NewDecoder(bufio.NewReader(f))
	for {
		var p paper
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("%s: paper %d: %w", papersPath(index), len(papers)+1, err)
		}
		papers = append(papers, p)
	}
	if len(papers) != want {
		return nil, fmt.Errorf("%s has %d papers, %s has %d vectors: build the index again", papersPath(index), len(papers), index, want)
	}
	return papers, nil
}
