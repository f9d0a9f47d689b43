package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/godoc"
)

func makeTexts(ctx context.Context, path string) error {
	all, err := abstracts(ctx)
	if err != nil {
		return err
	}
	return writeLines(path, all[:min(128, len(all))])
}

// makePairs pairs neighbouring stretches of the same abstract: most share words, few share many.
func makePairs(ctx context.Context, path string) error {
	const count, length = 3000, 88
	all, err := abstracts(ctx)
	if err != nil {
		return err
	}
	var made [][2]string
	for _, text := range all {
		for runes := []rune(text); len(runes) >= 2*length && len(made) < count; runes = runes[2*length:] {
			made = append(made, [2]string{string(runes[:length]), string(runes[length : 2*length])})
		}
	}
	return writeLines(path, made)
}

func makeArticles(ctx context.Context, path string) error {
	const count, length = 2000, 27_000
	bodies, err := bodies(ctx)
	if err != nil {
		return err
	}
	all, err := windows(strings.Join(bodies, "\n"), count, length)
	if err != nil {
		return err
	}
	return writeLines(path, all)
}

// windows cuts a text into stretches of length characters; it begins anew where it ends.
func windows(text string, count, length int) ([]string, error) {
	runes := []rune(text)
	if len(runes) < length {
		return nil, fmt.Errorf("%d characters of text, where %d are needed", len(runes), length)
	}
	runes = append(runes, runes[:length]...)
	period := len(runes) - length
	all := make([]string, count)
	for i := range all {
		from := i * length % period
		all[i] = string(runes[from : from+length])
	}
	return all, nil
}

// abstracts are titles with abstracts: of arXiv where PAPERLAB_DATA is set, else of Go's documentation, with as much of
// what follows the first sentence as makes them of like length.
func abstracts(ctx context.Context) ([]string, error) {
	const length = 1000 // characters, as abstracts have
	data := os.Getenv("PAPERLAB_DATA")
	if data == "" {
		papers, err := documentation(ctx)
		var all []string
		for _, p := range papers {
			if text := []rune(p.Title + ". " + p.Abstract + " " + p.Article); len(text) >= length {
				all = append(all, string(text[:length]))
			}
		}
		return all, err
	}
	papers, err := corpus.Collect(corpus.Open(ctx, filepath.Join(data, "arxiv-titles-abstracts", "tiagoft-cs-ml.jsonl")))
	var all []string
	for _, p := range papers {
		all = append(all, p.Title+". "+p.Abstract)
	}
	return all, lacking(err)
}

// bodies are whole articles: SciSummNet's where PAPERLAB_DATA is set, else Go's documentation.
func bodies(ctx context.Context) ([]string, error) {
	data := os.Getenv("PAPERLAB_DATA")
	var papers []corpus.Paper
	var err error
	if data == "" {
		papers, err = documentation(ctx)
	} else {
		papers, err = corpus.Collect(corpus.Open(ctx, filepath.Join(data, "scisummnet", "scisummnet.jsonl.gz")))
	}
	all := make([]string, len(papers))
	for i, p := range papers {
		all[i] = p.Article
	}
	return all, lacking(err)
}

func documentation(ctx context.Context) ([]corpus.Paper, error) {
	source, err := godoc.Source(ctx)
	if err != nil {
		return nil, err
	}
	return godoc.Papers(ctx, source)
}

// lacking marks the error of a file that is not in PAPERLAB_DATA as a need.
func lacking(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w what PAPERLAB_DATA lacks: %w", errNeeds, err)
	}
	return err
}
