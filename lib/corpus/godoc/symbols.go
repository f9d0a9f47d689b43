package godoc

import (
	"go/doc"
	"strings"

	"paperlab/lib/corpus"
)

// fewestSentences is how many sentences a comment must have to be a paper.
const fewestSentences = 3

// packagePapers returns the papers of one package.
func packagePapers(pkg *doc.Package) []corpus.Paper {
	var papers []corpus.Paper
	add := func(title, comment string) {
		text := readProse(pkg.Parser().Parse(comment))
		if len(text.sentences) < fewestSentences {
			return
		}
		category, _, _ := strings.Cut(pkg.ImportPath, "/")
		papers = append(papers, corpus.Paper{
			ID:         title,
			Title:      title,
			Abstract:   text.sentences[0],
			Article:    strings.Join(text.sentences[1:], "\n"),
			Categories: category,
			Authors:    "The Go Authors",
			Sections:   text.headings,
		})
	}
	within := pkg.ImportPath + "."
	add(pkg.ImportPath, pkg.Doc)
	addValues := func(values []*doc.Value) {
		for _, v := range values {
			add(within+v.Names[0], v.Doc)
		}
	}
	addFuncs := func(prefix string, funcs []*doc.Func) {
		for _, f := range funcs {
			add(prefix+f.Name, f.Doc)
		}
	}
	addValues(pkg.Consts)
	addValues(pkg.Vars)
	addFuncs(within, pkg.Funcs)
	for _, t := range pkg.Types {
		add(within+t.Name, t.Doc)
		addValues(t.Consts)
		addValues(t.Vars)
		addFuncs(within, t.Funcs)
		addFuncs(within+t.Name+".", t.Methods)
	}
	return papers
}
