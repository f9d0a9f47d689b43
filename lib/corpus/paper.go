package corpus

import "strings"

// Paper is one document of a corpus. A field that its source lacks, or holds as null, is empty.
// Text is kept as the source has it (line breaks included) and is always valid UTF-8.
//
// A Paper is a plain value; it may be shared between goroutines as long as nobody writes to it.
type Paper struct {
	ID         string   // the source's own identifier, such as "0704.0001" or "A00-1031"
	Title      string   // one line, or several where the source wraps it
	Abstract   string   // the summary to learn: abstract, TLDR or first sentence
	Article    string   // the body; its sentences are separated by "\n" where the source lists them
	Categories string   // as the source writes them: "hep-ph" or "cs.CL cs.AI"
	Authors    string   // in the source's order and notation
	Year       int      // of its publication; 0 where the source does not tell
	Sections   []string // the names of the article's sections, in order
}

// MainCategory is the category that the paper names first; empty where it names none.
func (p Paper) MainCategory() string {
	if categories := strings.Fields(p.Categories); len(categories) > 0 {
		return categories[0]
	}
	return ""
}

// Fields returns the names of the fields that the paper has, as scientific_papers and arXiv call them.
func (p Paper) Fields() []string {
	var names []string
	for _, field := range []struct {
		name string
		has  bool
	}{
		{"article_id", p.ID != ""}, {"title", p.Title != ""}, {"article", p.Article != ""}, {"abstract", p.Abstract != ""},
		{"section_names", len(p.Sections) > 0}, {"categories", p.Categories != ""}, {"authors", p.Authors != ""},
	} {
		if field.has {
			names = append(names, field.name)
		}
	}
	return names
}
