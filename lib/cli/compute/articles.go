package compute

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
)

// eachArticle calls do with the texts of each file: the whole file, each article of JSON lines, or for "-" each line of
// standard input.
func eachArticle(ctx context.Context, stdin io.Reader, files []string, do func(text string) error) error {
	for _, file := range files {
		var err error
		name := file
		switch {
		case file == "-":
			name, err = "standard input", cli.Texts(ctx, stdin, do)
		case strings.HasSuffix(file, ".jsonl"), strings.HasSuffix(file, ".jsonl.gz"):
			err = eachPaper(ctx, file, do)
		default:
			err = wholeFile(file, do)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func eachPaper(ctx context.Context, file string, do func(text string) error) error {
	for paper, err := range corpus.Open(ctx, file) {
		if err == nil && paper.Article == "" {
			err = fmt.Errorf("paper %q has no article", paper.ID)
		}
		if err == nil {
			err = do(paper.Article)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func wholeFile(file string, do func(text string) error) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return errors.Unwrap(err) // the caller names the file
	}
	if bytes.IndexByte(data, 0) >= 0 || bytes.HasPrefix(data, []byte("%PDF-")) {
		return console.Hint(errors.New("not a text"), "give plain text, such as pdftotext makes of a PDF")
	}
	return do(cli.ValidText(string(data)))
}
