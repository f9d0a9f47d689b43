package page

import (
	"html"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// math keeps what stands between dollars from being read as Markdown: it is LaTeX, and shown as it is written.
type math struct{}

// Extend registers the extension.
func (math) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(mathParser{}, 150))) // before emphasis and links
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(mathRenderer{}, 150)))
}

var kindMath = ast.NewNodeKind("Math")

// mathNode is one formula, dollars included.
type mathNode struct {
	ast.BaseInline
	formula []byte
	display bool // between two dollars each
}

// Kind implements ast.Node.
func (*mathNode) Kind() ast.NodeKind { return kindMath }

// Dump implements ast.Node.
func (n *mathNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type mathParser struct{}

// Trigger implements parser.InlineParser.
func (mathParser) Trigger() []byte { return []byte{'$'} }

// Parse takes a formula that ends in this paragraph. As in pandoc, a single dollar opens one before something else than
// space and closes it behind something else than space and not before a digit, so that prices are left alone.
func (mathParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	first, _ := block.PeekLine()
	node := &mathNode{display: len(first) > 1 && first[1] == '$'}
	fence := 1
	if node.display {
		fence = 2
	}
	if len(first) <= fence || !node.display && util.IsSpace(first[fence]) {
		return nil
	}
	startLine, start := block.Position()
	from := fence
	for {
		line, _ := block.PeekLine()
		if line == nil {
			block.SetPosition(startLine, start)
			return nil
		}
		end, wrong := closing(line, from, fence)
		if wrong {
			block.SetPosition(startLine, start)
			return nil
		}
		if end > 0 {
			node.formula = append(node.formula, line[:end]...)
			block.Advance(end)
			return node
		}
		node.formula = append(node.formula, line...)
		block.AdvanceLine()
		from = 0
	}
}

// closing returns where a formula ends in line, the dollars that close it included, or 0. It is wrong if two dollars come
// before the one that would close it.
func closing(line []byte, from, fence int) (end int, wrong bool) {
	for i := from; i < len(line); i++ {
		double := line[i] == '$' && i+1 < len(line) && line[i+1] == '$'
		switch {
		case line[i] == '\\':
			i++
		case line[i] != '$':
		case double:
			return i + 2, fence == 1
		case fence == 1 && i > 0 && !util.IsSpace(line[i-1]) && (i+1 == len(line) || line[i+1] < '0' || line[i+1] > '9'):
			return i + 1, false
		}
	}
	return 0, false
}

type mathRenderer struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (mathRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindMath, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			class := "math"
			if n.(*mathNode).display {
				class = "math display"
			}
			_, _ = w.WriteString(`<span class="` + class + `">` + html.EscapeString(string(n.(*mathNode).formula)) + "</span>")
		}
		return ast.WalkSkipChildren, nil
	})
}
