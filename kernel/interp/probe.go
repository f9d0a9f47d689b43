package interp

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// probe is the check of a source that may be unfinished, for what it says about one place.
type probe struct {
	*checked
}

// newProbe checks a source as far as it goes; nil if that is nowhere.
func (in *Interp) newProbe(source string) (p *probe) {
	defer func() {
		if recover() != nil { // half a syntax tree may be more than the type checker can bear
			p = nil
		}
	}()
	s, _ := parse(token.NewFileSet(), Cell{Source: source})
	prog := newProgram(s)
	if _, err := prog.redeclare(in.names); err != nil {
		return nil
	}
	prog.keep()
	return &probe{in.checkOnce(prog, nil)}
}

// cursorName marks the cursor as an identifier that no notebook has. It begins with a letter.
const cursorName = "ǃcursor"

// probeAt checks a source whose bytes from start to end are replaced by cursorName, finished in the first way in which the
// parser finds a place for it. It returns the identifier that stands at the cursor.
func (in *Interp) probeAt(source string, start, end int) (*probe, *ast.Ident) {
	before := source[:start] + cursorName
	closing := "\n" + closers(source[:start])
	for _, text := range []string{before + source[end:], before + closing, before + "{}" + closing} {
		if p := in.newProbe(text); p != nil {
			if id := p.cursor(); id != nil {
				return p, id
			}
		}
	}
	return nil, nil
}

// closers are the brackets that close those that the source leaves open.
func closers(source string) string {
	tokens, _, _ := lex([]byte(source))
	open := openBrackets(tokens)
	var b strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		switch open[i].tok {
		case token.LPAREN:
			b.WriteString(")")
		case token.LBRACK:
			b.WriteString("]")
		default:
			b.WriteString("}\n")
		}
	}
	return b.String()
}

// cursor is the identifier at the cursor.
func (p *probe) cursor() *ast.Ident {
	var found *ast.Ident
	ast.Inspect(p.file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == cursorName {
			found = id
		}
		return found == nil
	})
	return found
}

// selected is the expression before the dot if id stands behind one.
func (p *probe) selected(id *ast.Ident) ast.Expr {
	var x ast.Expr
	ast.Inspect(p.file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel == id {
			x = s.X
		}
		return x == nil
	})
	return x
}

// literal is the struct type whose literal has id as an element or key.
func (p *probe) literal(id *ast.Ident) *types.Struct {
	var found *types.Struct
	ast.Inspect(p.file, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		for _, element := range lit.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				element = pair.Key
			}
			if typ := p.info.TypeOf(lit); element == ast.Expr(id) && typ != nil {
				found, _ = dereferenced(typ).Underlying().(*types.Struct)
			}
		}
		return true
	})
	return found
}

// scopeAt is the innermost scope that holds a place.
func (p *probe) scopeAt(pos token.Pos) *types.Scope {
	var inner *types.Scope
	for _, scope := range p.info.Scopes {
		if scope.Contains(pos) && (inner == nil || scope.End()-scope.Pos() < inner.End()-inner.Pos()) {
			inner = scope
		}
	}
	if inner == nil {
		return p.pkg.Scope()
	}
	return inner
}
