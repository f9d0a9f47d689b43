package godoc

import (
	"go/doc/comment"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// prose is what a doc comment says in words.
type prose struct {
	sentences []string
	headings  []string
}

// readProse takes the sentences of paragraphs and lists. Code blocks are not prose.
func readProse(d *comment.Doc) prose {
	var p prose
	p.addBlocks(d.Content)
	return p
}

func (p *prose) addBlocks(blocks []comment.Block) {
	for _, block := range blocks {
		switch block := block.(type) {
		case *comment.Heading:
			p.headings = append(p.headings, plain(block.Text))
		case *comment.Paragraph:
			p.sentences = append(p.sentences, sentences(plain(block.Text))...)
		case *comment.List:
			for _, item := range block.Items {
				p.addBlocks(item.Content)
			}
		}
	}
}

// plain returns the words of text without its mark-up, on one line.
func plain(text []comment.Text) string {
	var b strings.Builder
	var write func([]comment.Text)
	write = func(text []comment.Text) {
		for _, t := range text {
			switch t := t.(type) {
			case comment.Plain:
				b.WriteString(string(t))
			case comment.Italic:
				b.WriteString(string(t))
			case *comment.Link:
				write(t.Text)
			case *comment.DocLink:
				write(t.Text)
			}
		}
	}
	write(text)
	return strings.Join(strings.Fields(string([]rune(b.String()))), " ")
}

// abbreviations end in a full stop that does not end their sentence.
var abbreviations = []string{"e.g.", "i.e.", "cf.", "vs.", "viz.", "resp.", "Sec.", "Fig.", "No."}

// sentences cuts a paragraph whose words are separated by single spaces. A sentence ends with a word that closes in
// '.', '!' or '?' when no lower-case letter follows.
func sentences(paragraph string) []string {
	var cut []string
	words := strings.Split(paragraph, " ")
	start := 0
	for i, word := range words {
		last := i == len(words)-1
		if word == "" || !last && !(closes(word) && opens(words[i+1])) {
			continue
		}
		cut = append(cut, strings.Join(words[start:i+1], " "))
		start = i + 1
	}
	return cut
}

// closes tells whether word may be the last of a sentence. A single capital is an initial.
func closes(word string) bool {
	word = strings.TrimRight(word, `)"'”`)
	if !strings.HasSuffix(word, ".") && !strings.HasSuffix(word, "!") && !strings.HasSuffix(word, "?") {
		return false
	}
	initial := len(word) == 2 && unicode.IsUpper(rune(word[0]))
	return !initial && !slices.Contains(abbreviations, strings.TrimLeft(word, `("'“`))
}

// opens tells whether word may be the first of a sentence.
func opens(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return !unicode.IsLower(first)
}
