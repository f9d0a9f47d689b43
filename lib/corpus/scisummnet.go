package corpus

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sciSummNetFiles finds the papers of a folder in the layout in which SciSummNet is distributed, a folder a paper: ID/Documents_xml/ID.xml
// beside ID/summary/ID.gold.txt, in its release under top1000_complete, or as the CL-SciSumm corpus has them. A folder of
// another layout has none.
func sciSummNetFiles(folder string) ([]string, error) {
	for _, pattern := range []string{"*/Documents_xml/*.xml", "*/Reference_XML/*.xml", "top1000_complete/*/Documents_xml/*.xml"} {
		files, err := filepath.Glob(filepath.Join(escape(folder), filepath.FromSlash(pattern)))
		if err != nil || len(files) > 0 {
			return files, err
		}
	}
	return nil, nil
}

// readSciSummNet yields the papers of such a folder in the order of their files' names. A file that is no paper is a [*LineError].
func readSciSummNet(ctx context.Context, folder string) iter.Seq2[Paper, error] {
	return func(yield func(Paper, error) bool) {
		files, err := sciSummNetFiles(folder)
		if err == nil && len(files) == 0 {
			err = errors.New("is a folder without papers in SciSummNet's layout (ID/Documents_xml/ID.xml): give a file, or a folder of that layout")
		}
		if err != nil {
			yield(Paper{}, fmt.Errorf("corpus: %s: %w", folder, err))
			return
		}
		for _, file := range files {
			if ctx.Err() != nil {
				yield(Paper{}, fmt.Errorf("corpus: %s: reading stopped before %s: %w", folder, file, context.Cause(ctx)))
				return
			}
			p, err := sciSummNet(file)
			if !yield(p, err) {
				return
			}
		}
	}
}

// sciSummNet reads one paper (Yasunaga et al., 2019). What is to be learned is its abstract or, where it has none, the summary that
// people wrote of it.
func sciSummNet(file string) (Paper, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Paper{}, fmt.Errorf("corpus: %w", err)
	}
	var r struct {
		XMLName  xml.Name `xml:"PAPER"`
		Title    []string `xml:"S"`
		Abstract []string `xml:"ABSTRACT>S"`
		Sections []struct {
			Title     string   `xml:"title,attr"`
			Sentences []string `xml:"S"`
		} `xml:"SECTION"`
	}
	if err := unmarshalXML(data, &r); err != nil {
		return Paper{}, malformedXML(file, err)
	}
	p := Paper{ID: strings.TrimSuffix(filepath.Base(file), ".xml"), Title: sentences(r.Title, " "), Abstract: sentences(r.Abstract, "\n")}
	var article []string
	for _, section := range r.Sections {
		p.Sections = append(p.Sections, unescaped(section.Title))
		article = append(article, section.Sentences...)
	}
	if p.Article = sentences(article, "\n"); p.Article == "" {
		return Paper{}, malformedXML(file, errors.New("a paper of SciSummNet needs sentences in its sections"))
	}
	if p.Abstract == "" {
		p.Abstract, err = writtenSummary(filepath.Dir(filepath.Dir(file)))
	}
	return p, err
}

// unmarshalXML reads one document, invalid UTF-8 as U+FFFD, one for each byte.
func unmarshalXML(data []byte, to any) error {
	decoder := xml.NewDecoder(bytes.NewReader([]byte(string([]rune(string(data))))))
	decoder.Strict = false // the files come from OCR and hold what XML does not allow
	decoder.Entity = xml.HTMLEntity
	return decoder.Decode(to)
}

func malformedXML(file string, err error) error {
	line := 1
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		line, err = syntax.Line, errors.New(syntax.Msg)
	}
	return &LineError{File: file, Line: line, Err: err}
}

// sentences joins those that are not blank.
func sentences(all []string, separator string) string {
	all = slices.Clone(all)
	for i := range all {
		all[i] = unescaped(all[i])
	}
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), separator)
}

// unescaped resolves entities once more: in SciSummNet's files they are escaped twice.
func unescaped(text string) string { return strings.TrimSpace(html.UnescapeString(text)) }

// writtenSummary returns the summary in the folder of a paper without its first line, which is the title; empty where there is none.
func writtenSummary(paper string) (string, error) {
	var files []string
	for _, pattern := range []string{"*.gold.txt", "*.scisummnet_human.txt"} {
		found, err := filepath.Glob(filepath.Join(escape(paper), "summary", pattern))
		if err != nil {
			return "", fmt.Errorf("corpus: %s: %w", paper, err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return "", nil
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		return "", fmt.Errorf("corpus: %w", err)
	}
	lines := strings.Split(string([]rune(string(data))), "\n")
	return sentences(lines[1:], "\n"), nil
}
