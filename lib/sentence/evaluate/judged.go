package evaluate

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ReadJudged reads a test that people judged from a folder in BEIR's layout (Thakur et al. 2021): corpus.jsonl and
// queries.jsonl, or corpus.jsonl.gz, with _id, title and text, and qrels.tsv with a header, then query, document and
// score a line, tabs between. A score above 0 is relevant. Questions without a relevant document are left out.
func ReadJudged(ctx context.Context, dir string) (Retrieval, error) {
	documents, err := readTexts(ctx, filepath.Join(dir, "corpus.jsonl"))
	if err != nil {
		return Retrieval{}, err
	}
	queries, err := readTexts(ctx, filepath.Join(dir, "queries.jsonl"))
	if err != nil {
		return Retrieval{}, err
	}
	relevant, err := readScores(filepath.Join(dir, "qrels.tsv"), queries.number, documents.number)
	if err != nil {
		return Retrieval{}, err
	}
	r := Retrieval{Documents: documents.texts}
	for i, answers := range relevant {
		if len(answers) > 0 {
			r.Queries, r.Relevant = append(r.Queries, queries.texts[i]), append(r.Relevant, answers)
		}
	}
	if err := r.check(); err != nil {
		return Retrieval{}, fmt.Errorf("%s: %w", dir, err)
	}
	return r, nil
}

// texts are a file's texts with their numbers by id.
type texts struct {
	texts  []string
	number map[string]int
}

func readTexts(ctx context.Context, path string) (texts, error) {
	all := texts{number: map[string]int{}}
	f, err := open(path)
	if err != nil {
		return all, err
	}
	defer f.Close()
	decoder := json.NewDecoder(bufio.NewReader(f))
	for {
		var line struct {
			ID    string `json:"_id"`
			Title string `json:"title"`
			Text  string `json:"text"`
		}
		err := decoder.Decode(&line)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return all, fmt.Errorf("%s: record %d: %w", path, len(all.texts)+1, err)
		}
		all.number[line.ID] = len(all.texts)
		all.texts = append(all.texts, strings.TrimSpace(line.Title+" "+line.Text))
	}
}

// open opens a file, or, where there is none, the one that gzip made of it.
func open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	packed, packedErr := os.Open(path + ".gz")
	if packedErr != nil {
		return nil, err
	}
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s.gz: %w", path, err), packed.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{unpacked, packed}, nil
}

// readScores returns the relevant documents of each query. Lines about texts that are not there, as in a part of a
// collection, are passed over.
func readScores(path string, queries, documents map[string]int) ([]map[int]bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	relevant := make([]map[int]bool, len(queries))
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if n == 1 || lines.Text() == "" {
			continue
		}
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) < 3 {
			return nil, fmt.Errorf("%s:%d: %d columns, want query, document and score with tabs between", path, n, len(fields))
		}
		score, err := strconv.ParseFloat(fields[2], 64)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: score: %w", path, n, err)
		}
		query, known := queries[fields[0]]
		document, there := documents[fields[1]]
		if !known || !there || !(score > 0) {
			continue
		}
		if relevant[query] == nil {
			relevant[query] = map[int]bool{}
		}
		relevant[query][document] = true
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return relevant, nil
}
