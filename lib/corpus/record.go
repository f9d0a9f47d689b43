package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// decoder turns one line into a Paper.
type decoder func(line []byte) (Paper, error)

// detect picks the decoder for a file by the field names of one of its records.
func detect(line []byte) (decoder, error) {
	if line[0] == '[' {
		return nil, errors.New("a JSON array where one record a line is expected (convert it: jq -c '.[]' FILE)")
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return nil, explain(err)
	}
	has := func(name string) bool { _, ok := fields[name]; return ok }
	switch {
	case has("body_text") && has("metadata"):
		return unarXive, nil
	case has("article_text"), has("article"):
		return scientificPaper, nil
	case has("source") && has("target"):
		return sciTLDR, nil
	case has("title") && has("abstract"):
		return arxivRecord, nil
	case has("_id") && has("title") && has("text"):
		return beirDocument, nil
	}
	return nil, fmt.Errorf("unknown layout: want title and abstract (arXiv), article_text or article "+
		"(scientific_papers), source and target (SciTLDR), body_text and metadata (unarXive), or _id, title and text (BEIR), have %s", listed(fields))
}

// listed names the first fields of a record for an error message.
func listed(fields map[string]json.RawMessage) string {
	const most = 8
	names := slices.Sorted(maps.Keys(fields))
	if len(names) == 0 {
		return "no fields"
	}
	if len(names) > most {
		names = append(names[:most], "...")
	}
	return strings.Join(names, ", ")
}

// arxivRecord decodes a line of the arXiv metadata snapshot as Kaggle distributes it.
func arxivRecord(line []byte) (Paper, error) {
	var r struct {
		ID         identifier `json:"id"`
		Title      text       `json:"title"`
		Abstract   text       `json:"abstract"`
		Categories text       `json:"categories"`
		Authors    text       `json:"authors"`
		Updated    text       `json:"update_date"`
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return Paper{}, explain(err)
	}
	if !r.Title.present || !r.Abstract.present {
		return Paper{}, errors.New("an arXiv record needs the fields title and abstract")
	}
	return Paper{
		ID:         string(r.ID),
		Title:      r.Title.join(" "),
		Abstract:   r.Abstract.join("\n"),
		Categories: r.Categories.join(" "),
		Authors:    r.Authors.join(", "),
		Year:       arxivYear(string(r.ID), r.Updated.join(" ")),
	}, nil
}

// arxivIDs begin with the year and the month in which a paper came: 0704.0001, and before 2007 hep-th/9901001.
var arxivIDs = regexp.MustCompile(`^(?:[a-z-]+(?:\.[A-Z]{2})?/)?(\d\d)(?:0[1-9]|1[0-2])\.?\d{3,5}(?:v\d+)?$`)

// arxivYear is the year in which a paper came to arXiv, which its ID tells, or in which it was last changed (2007-05-23).
func arxivYear(id, updated string) int {
	if m := arxivIDs.FindStringSubmatch(id); m != nil {
		year, _ := strconv.Atoi(m[1]) // two digits
		if year >= 91 {               // arXiv began in 1991
			return 1900 + year
		}
		return 2000 + year
	}
	if date, err := time.Parse(time.DateOnly, updated); err == nil {
		return date.Year()
	}
	return 0
}

// sentenceMarks are the sentence boundaries in scientific_papers' abstract_text. They were never part of the
// vocabulary; Hugging Face's script for the data set deletes them (and keeps the spaces inside them), and so do we.
var sentenceMarks = strings.NewReplacer("<S>", "", "</S>", "")

// scientificPaper decodes a line in the layout of scientific_papers (Cohan et al., 2018), as in its train.txt or
// as one text a field. Title, categories and authors are additions of SciSummNet and unarXive in that layout.
func scientificPaper(line []byte) (Paper, error) {
	var r struct {
		ID           identifier `json:"article_id"`
		Title        text       `json:"title"`
		ArticleText  text       `json:"article_text"`
		Article      text       `json:"article"`
		AbstractText text       `json:"abstract_text"`
		Abstract     text       `json:"abstract"`
		Categories   text       `json:"categories"`
		Authors      text       `json:"authors"`
		SectionNames text       `json:"section_names"`
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return Paper{}, explain(err)
	}
	article, abstract := r.ArticleText, r.AbstractText
	if !article.present {
		article = r.Article
	}
	if !abstract.present {
		abstract = r.Abstract
	}
	if !article.present {
		return Paper{}, errors.New("a scientific_papers record needs the field article_text or article")
	}
	return Paper{
		ID:         string(r.ID),
		Title:      r.Title.join(" "),
		Abstract:   sentenceMarks.Replace(abstract.join("\n")),
		Article:    article.join("\n"),
		Categories: r.Categories.join(" "),
		Authors:    r.Authors.join(", "),
		Sections:   r.SectionNames.lines(),
	}, nil
}

// sciTLDR decodes a line of SciTLDR (Cachola et al., 2020): the source sentences are the article, the first of the
// summaries is the abstract.
func sciTLDR(line []byte) (Paper, error) {
	var r struct {
		ID     identifier `json:"paper_id"`
		Title  text       `json:"title"`
		Source text       `json:"source"`
		Target text       `json:"target"`
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return Paper{}, explain(err)
	}
	if !r.Source.present || len(r.Target.items) == 0 {
		return Paper{}, errors.New("a SciTLDR record needs the fields source and target")
	}
	return Paper{
		ID:       string(r.ID),
		Title:    r.Title.join(" "),
		Article:  r.Source.join("\n"),
		Abstract: r.Target.items[0],
	}, nil
}

// beirDocument decodes a line of a test collection's corpus.jsonl as BEIR has them (Thakur et al., 2021): the text is the
// abstract.
func beirDocument(line []byte) (Paper, error) {
	var r struct {
		ID    identifier `json:"_id"`
		Title text       `json:"title"`
		Text  text       `json:"text"`
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return Paper{}, explain(err)
	}
	if !r.Text.present {
		return Paper{}, errors.New("a document of BEIR's layout needs the field text")
	}
	return Paper{ID: string(r.ID), Title: r.Title.join(" "), Abstract: r.Text.join("\n")}, nil
}
