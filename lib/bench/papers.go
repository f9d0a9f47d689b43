package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/godoc"
)

// papersCommand makes a corpus as large as one likes, for what is measured by hand.
func papersCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "papers N FILE",
		Short: "Make N papers out of those that are here, to index many",
		Long: `Make N papers: arXiv's from $PAPERLAB_DATA first, or Go's documentation without it, and then new ones, whose sentences are those of several. The
same papers come out each time.`,
		Example: "  bench papers 100000 papers.jsonl",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := strconv.Atoi(args[0])
			if err != nil || n < 1 {
				return fmt.Errorf("papers: %q is no number of papers", args[0])
			}
			real, err := realPapers(cmd.Context())
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%d of them are real\n", min(n, len(real)))
			return writePapers(args[1], mixed(real, n))
		},
	}
}

// realPapers are those of arXiv's data sets, in the order of their files' names, or Go's documentation.
func realPapers(ctx context.Context) (papers []corpus.Paper, err error) {
	data := os.Getenv("PAPERLAB_DATA")
	if data == "" {
		source, err := godoc.Source(ctx)
		if err != nil {
			return nil, err
		}
		return godoc.Papers(ctx, source)
	}
	files, err := filepath.Glob(filepath.Join(data, "arxiv-*", "*.jsonl"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		all, err := corpus.Collect(corpus.Open(ctx, file))
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			if p.Title != "" && p.Abstract != "" {
				papers = append(papers, p)
			}
		}
	}
	if len(papers) == 0 {
		return nil, fmt.Errorf("%w arXiv's papers below PAPERLAB_DATA", errNeeds)
	}
	return papers, nil
}

// mixed returns n papers: the real ones, then others with as many sentences as they have, each from another paper.
func mixed(real []corpus.Paper, n int) []corpus.Paper {
	sentences := make([][]string, len(real))
	for i, p := range real {
		sentences[i] = strings.SplitAfter(strings.Join(strings.Fields(p.Abstract), " "), ". ")
	}
	papers := make([]corpus.Paper, n)
	for i := range papers {
		round, own := i/len(real), i%len(real)
		p := real[own]
		if round > 0 {
			const far = 7919 // a prime, so that neighbours differ
			other := func(k int) int { return (own + round*(k+1)*far) % len(real) }
			p.Title = real[other(0)].Title
			var abstract strings.Builder
			for k := range sentences[own] {
				from := sentences[other(k)]
				abstract.WriteString(from[k%len(from)])
				abstract.WriteByte(' ')
			}
			p.Abstract = strings.Join(strings.Fields(abstract.String()), " ")
		}
		p.ID = fmt.Sprintf("%06d", i)
		papers[i] = p
	}
	return papers
}

// writePapers writes papers by the names of arXiv's metadata.
func writePapers(path string, papers []corpus.Paper) (err error) {
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Cleanup()) }()
	lines := json.NewEncoder(file)
	for _, p := range papers {
		err := lines.Encode(map[string]string{"id": p.ID, "title": p.Title, "abstract": p.Abstract, "authors": p.Authors, "categories": p.Categories})
		if err != nil {
			return err
		}
	}
	return file.CloseAtomicallyReplace()
}
