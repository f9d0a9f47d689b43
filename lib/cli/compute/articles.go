package compute

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/pdf"
)

// articles reads the texts that files hold.
type articles struct {
	stdin io.Reader
	clean bool // of what LaTeX left in them

	pdfs *pdf.Reader // nil before the first PDF file
}

// each calls do with the texts of each file: the whole file, that of a PDF, each article of a file of papers, or for "-" each line of
// standard input.
func (a *articles) each(ctx context.Context, files []string, do func(text string) error) (err error) {
	defer func() {
		if a.pdfs != nil {
			err = errors.Join(err, a.pdfs.Close())
		}
	}()
	if a.clean {
		with := do
		do = func(text string) error { return with(corpus.CleanLatex(text)) }
	}
	for _, file := range files {
		if ofPapers(file) {
			if err := eachPaper(ctx, file, do); err != nil {
				return err
			}
			continue
		}
		var err error
		name := file
		if file == "-" {
			name, err = "standard input", cli.Texts(ctx, a.stdin, do)
		} else {
			err = a.wholeFile(ctx, file, do)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// ofPapers says by its name whether a file holds papers, each with an article.
func ofPapers(file string) bool {
	return slices.Contains([]string{".jsonl", ".json", ".csv", ".tsv", ".parquet"}, filepath.Ext(strings.TrimSuffix(file, ".gz")))
}

// eachPaper calls do with the articles of a file of papers. Its errors name the file.
func eachPaper(ctx context.Context, file string, do func(text string) error) error {
	n := 0
	for paper, err := range corpus.Open(ctx, file) {
		if err != nil {
			return err
		}
		n++
		if paper.Article == "" {
			err = errors.New("it has no article")
		} else {
			err = do(paper.Article)
		}
		if err != nil {
			return fmt.Errorf("%s: paper %d: %w", file, n, err)
		}
	}
	if n == 0 {
		return fmt.Errorf("%s: it holds no papers", file)
	}
	return nil
}

func (a *articles) wholeFile(ctx context.Context, file string, do func(text string) error) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return errors.Unwrap(err) // the caller names the file
	}
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		text, err := a.pdf(ctx, data)
		if err != nil {
			return err
		}
		return do(text)
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return console.Hint(errors.New("not a text"), "give plain text or a PDF file")
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return errors.New("it holds no text")
	}
	return do(cli.ValidText(string(data)))
}

// pdf returns the text of a PDF file.
func (a *articles) pdf(ctx context.Context, file []byte) (text string, err error) {
	if a.pdfs == nil {
		if a.pdfs, err = newPDFReader(); err != nil {
			return "", err
		}
	}
	return a.pdfs.Text(ctx, file)
}
