package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// unarXive decodes a line of unarXive 2022 (Saier, Krause and Färber, 2023). Formulas and citations, which stand elsewhere in a record,
// become what scientific_papers has in their place: @xmath0, @xmath1 ... in the order of their first use, and @xcite. Paragraphs
// are lines.
func unarXive(line []byte) (Paper, error) {
	type paragraph struct {
		Section string `json:"section"`
		Text    string `json:"text"`
	}
	var r struct {
		ID       identifier `json:"paper_id"`
		Metadata struct {
			Title      text `json:"title"`
			Abstract   text `json:"abstract"`
			Authors    text `json:"authors"`
			Categories text `json:"categories"`
		} `json:"metadata"`
		Abstract paragraph   `json:"abstract"`
		Body     []paragraph `json:"body_text"`
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return Paper{}, explain(err)
	}
	if len(r.Body) == 0 {
		return Paper{}, errors.New("a unarXive record needs paragraphs in body_text")
	}
	p := Paper{
		ID: string(r.ID), Title: r.Metadata.Title.join(" "), Authors: r.Metadata.Authors.join(", "), Categories: r.Metadata.Categories.join(" "),
		Abstract: r.Abstract.Text,
	}
	if p.Abstract == "" {
		p.Abstract = r.Metadata.Abstract.join("\n")
	}
	marks := placeholders{}
	p.Abstract = marks.replace(p.Abstract)
	var lines []string
	for _, paragraph := range r.Body {
		lines = append(lines, marks.replace(paragraph.Text))
		if n := len(p.Sections); n == 0 || p.Sections[n-1] != paragraph.Section {
			p.Sections = append(p.Sections, paragraph.Section)
		}
	}
	p.Article = strings.Join(lines, "\n")
	return p, nil
}

// placeholders numbers the formulas of a paper, by their names.
type placeholders map[string]int

var placeholder = regexp.MustCompile(`\{\{(\w+):([^{}]*)\}\}`)

func (p placeholders) replace(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		parts := placeholder.FindStringSubmatch(match)
		switch kind, name := parts[1], parts[2]; kind {
		case "formula":
			if _, known := p[name]; !known {
				p[name] = len(p)
			}
			return fmt.Sprintf("@xmath%d", p[name])
		case "cite":
			return "@xcite"
		default: // figure, table
			return "[" + kind + "]"
		}
	})
}
