package frame

import (
	"slices"

	"paperlab/lib/corpus"
)

// Papers returns the rows as papers, from the columns title, abstract and categories, and id where there is one. It fails
// where one of the three is not there.
func (f *Frame) Papers() ([]corpus.Paper, error) {
	papers := make([]corpus.Paper, f.rows)
	for _, column := range []struct {
		name string
		of   func(*corpus.Paper) *string
	}{
		{"id", func(p *corpus.Paper) *string { return &p.ID }},
		{"title", func(p *corpus.Paper) *string { return &p.Title }},
		{"abstract", func(p *corpus.Paper) *string { return &p.Abstract }},
		{"categories", func(p *corpus.Paper) *string { return &p.Categories }},
	} {
		if column.name == "id" && !slices.Contains(f.Columns(), "id") {
			continue
		}
		texts, err := f.Strings(column.name)
		if err != nil {
			return nil, err
		}
		for i, text := range texts {
			*column.of(&papers[i]) = text
		}
	}
	return papers, nil
}
