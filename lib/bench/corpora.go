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
	const count = 128
	all, err := abstracts(ctx)
	if err != nil {
		return err
	}
	if len(all) < count {
		return fmt.Errorf("%d abstracts, where %d are needed", len(all), count)
	}
	return writeLines(path, all[:count])
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

// abstracts are titles with abstracts: of arXiv where PAPERLAB_DATA is set, else stretches of Go's documentation of their length.
func abstracts(ctx context.Context) ([]string, error) {
	data := os.Getenv("PAPERLAB_DATA")
	if data == "" {
		const count, length = 1000, 1000
		bodies, err := bodies(ctx)
		if err != nil {
			return nil, err
		}
		return windows(strings.Join(bodies, " "), count, length)
	}
	papers, err := corpus.Collect(corpus.Open(ctx, filepath.Join(data, "arxiv-titles-abstracts", "tiagoft-cs-ml.jsonl")))
	all := make([]string, len(papers))
	for i, p := range papers {
		all[i] = p.Title + ". " + p.Abstract
	}
	return all, lacking(err)
}

// bodies are whole articles: SciSummNet's where PAPERLAB_DATA is set, else Go's documentation.
func bodies(ctx context.Context) ([]string, error) {
	papers, err := articlesOf(ctx, os.Getenv("PAPERLAB_DATA"))
	all := make([]string, len(papers))
	for i, p := range papers {
		all[i] = p.Article
	}
	return all, lacking(err)
}

func articlesOf(ctx context.Context, data string) ([]corpus.Paper, error) {
	if data != "" {
		return corpus.Collect(corpus.Open(ctx, filepath.Join(data, "scisummnet", "scisummnet.jsonl.gz")))
	}
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
