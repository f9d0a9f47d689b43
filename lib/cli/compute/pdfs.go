package compute

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/pdf"
)

// pdfsBelow are the PDF files in a folder and those in it, in the order of their names; none where it is no folder.
func pdfsBelow(folder string) (paths []string, err error) {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, nil // it is something else, of which others know more
	}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.EqualFold(filepath.Ext(path), ".pdf") {
			paths = append(paths, path)
		}
		return err
	})
	return paths, err
}

// readPDFs makes a paper of each of the first n files, all where n is 0. Those that cannot be read are reported and passed over, unless
// malformed input is to be fatal.
func (d *data) readPDFs(ctx context.Context, paths []string, n int, w io.Writer) (papers []corpus.Paper, err error) {
	if n > 0 {
		paths = paths[:min(n, len(paths))]
	}
	reader, err := newPDFReader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	bar := console.NewProgress(w, time.Now, console.Task{Label: "reading", Unit: "file", Total: int64(len(paths))})
	defer bar.End()
	broken := 0
	for _, path := range paths {
		text, err := readPDF(ctx, reader, path)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("%s: %w", d.path, ctx.Err())
		}
		if err != nil && d.strict {
			return nil, err
		}
		if bar.Add(1); err != nil {
			broken++
			bar.Linef("skipped %v", err)
			continue
		}
		name, err := filepath.Rel(d.path, path)
		if err != nil {
			return nil, err
		}
		papers = append(papers, paperOf(name, text))
	}
	if broken > 0 {
		bar.Linef("%d of %d PDF files could not be read", broken, len(paths))
	}
	if len(papers) == 0 {
		return nil, fmt.Errorf("%s: none of the %d PDF files could be read", d.path, len(paths))
	}
	return papers, nil
}

func readPDF(ctx context.Context, reader *pdf.Reader, path string) (string, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	text, err := reader.Text(ctx, file)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return text, nil
}

// newPDFReader starts PDFium, with what its start is spent on in the user's cache.
func newPDFReader() (*pdf.Reader, error) {
	cache, err := cli.PDFium.Dir()
	if err != nil {
		cache = "" // without a home folder nothing is kept
	}
	return pdf.NewReader(cache)
}

// How a paper says where its abstract is, and what stands in the margin of arXiv's.
var (
	abstractHead = regexp.MustCompile(`(?i)^\W*abstract\b[\s.:—–-]*`)
	abstractEnd  = regexp.MustCompile(`(?i)^(\d+|I)?[\s.:]*(introduction|keywords|index terms|ccs concepts)\b`)
	margin       = regexp.MustCompile(`^arXiv:\S+`)
)

// paperOf makes a paper of the text of a PDF file: its first line is the title, and what stands under the heading Abstract, else what
// comes first, the abstract. The file's name identifies it.
func paperOf(name, text string) corpus.Paper {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" && !margin.MatchString(line) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return corpus.Paper{ID: name}
	}
	const longest = 2000 // characters of an abstract: more than a model reads
	var abstract []string
	within, length := false, 0
	for _, line := range lines[1:] {
		if head := abstractHead.FindString(line); head != "" && !within {
			within, abstract, length = true, nil, 0
			line = line[len(head):]
		} else if within && abstractEnd.MatchString(line) {
			break
		}
		if length < longest && line != "" {
			abstract, length = append(abstract, line), length+len(line)
		}
	}
	if len(abstract) == 0 {
		abstract = lines[:1] // a page with a title alone
	}
	return corpus.Paper{ID: name, Title: lines[0], Abstract: strings.Join(abstract, " ")}
}
