package page

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// heading is an entry of the table of contents.
type heading struct {
	Level    int
	Text, ID string
}

// typesetter turns Markdown into HTML, with anchors that are unique in the page.
type typesetter struct {
	markdown goldmark.Markdown
	anchors  anchors
	images   images
	headings []heading
	texts    int // typeset so far
}

func newTypesetter(images images) *typesetter {
	t := &typesetter{anchors: anchors{}, images: images}
	footnotes := extension.NewFootnote(extension.WithFootnoteIDPrefixFunction(func(ast.Node) []byte { return fmt.Appendf(nil, "text-%d-", t.texts) }))
	t.markdown = goldmark.New(
		goldmark.WithExtensions(extension.GFM, footnotes, math{}),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		// HTML in Markdown is let through: what is typeset passes the sanitizer as a whole.
		goldmark.WithRendererOptions(goldhtml.WithUnsafe(), renderer.WithNodeRenderers(util.Prioritized(nodes{}, 100))),
	)
	return t
}

// typeset returns HTML that is not sanitized yet. A Markdown cell's headings join the table of contents; attachments are
// the cell's own images.
func (t *typesetter) typeset(source string, attachments map[string]string) (string, error) {
	t.texts++
	src := []byte(source)
	context := parser.NewContext(parser.WithIDs(t.anchors))
	tree := t.markdown.Parser().Parse(text.NewReader(src), parser.WithContext(context))
	err := ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			t.note(n, src)
		case *ast.Image:
			n.Destination = []byte(t.images.inline(string(n.Destination), attachments))
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := t.markdown.Renderer().Render(&b, src, tree); err != nil {
		return "", fmt.Errorf("typesetting Markdown: %w", err)
	}
	return b.String(), nil
}

// note adds a heading to the table of contents.
func (t *typesetter) note(n *ast.Heading, source []byte) {
	id, _ := n.AttributeString("id")
	anchor, _ := id.([]byte)
	if text := strings.TrimSpace(plainText(n, source)); text != "" && n.Level <= 3 {
		t.headings = append(t.headings, heading{Level: n.Level, Text: text, ID: string(anchor)})
	}
}

// plainText is what a node says without its markup.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		switch child := child.(type) {
		case *ast.Text:
			b.Write(child.Value(source))
			if child.SoftLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(child.Value)
		case *mathNode:
			b.Write(child.formula)
		default:
			b.WriteString(plainText(child, source))
		}
	}
	return b.String()
}

// anchors are the IDs of headings that are taken.
type anchors map[string]bool

// Generate makes a heading's ID of its letters and digits. It implements parser.IDs.
func (a anchors) Generate(value []byte, _ ast.NodeKind) []byte {
	slug := strings.Join(strings.FieldsFunc(strings.ToLower(string(value)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
	if slug == "" {
		slug = "heading"
	}
	id := slug
	for n := 2; a[id]; n++ {
		id = fmt.Sprintf("%s-%d", slug, n)
	}
	a[id] = true
	return []byte(id)
}

// Put takes an ID that is given. It implements parser.IDs.
func (a anchors) Put(value []byte) { a[string(value)] = true }

// nodes renders what is not goldmark's way: blocks of code, colored if they are Go, and images, which become links where
// the page does not carry them.
type nodes struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (nodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString("<pre><code>" + codeBlock(n.(*ast.FencedCodeBlock), source) + "</code></pre>\n")
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(ast.KindImage, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString(imageElement(string(n.(*ast.Image).Destination), plainText(n, source), string(n.(*ast.Image).Title)))
		}
		return ast.WalkSkipChildren, nil
	})
}

func codeBlock(block *ast.FencedCodeBlock, source []byte) string {
	var code, colored strings.Builder
	for i := range block.Lines().Len() {
		line := block.Lines().At(i)
		code.Write(line.Value(source))
	}
	if language := strings.ToLower(string(block.Language(source))); language != "go" && language != "golang" {
		return html.EscapeString(code.String())
	}
	writeGo(&colored, code.String())
	return colored.String()
}

func imageElement(address, alt, title string) string {
	escaped := html.EscapeString(address)
	if !strings.HasPrefix(address, "data:") {
		if alt == "" {
			alt = address
		}
		return fmt.Sprintf(`<a href="%s">%s</a>`, escaped, html.EscapeString(alt))
	}
	return fmt.Sprintf(`<img src="%s" alt="%s" title="%s">`, escaped, html.EscapeString(alt), html.EscapeString(title))
}
