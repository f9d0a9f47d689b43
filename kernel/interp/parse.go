package interp

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// marker is a letter that no Go identifier can hold. Names of our own in a cell's syntax tree end in it, so they never
// meet the notebook's; messages drop it.
const marker = "\uE000"

// unmarked is the text as its reader should see it.
func unmarked(text string) string { return strings.ReplaceAll(text, marker, "") }

// syntax is a parsed cell.
type syntax struct {
	cell   Cell
	fset   *token.FileSet
	decls  []ast.Decl // imports, functions and methods
	body   []ast.Stmt
	file   *ast.File // of decls
	silent bool      // see pieces
	starts []start
}

// start tells where in a parsed text the source begins.
type start struct {
	file   *token.File
	prefix int
}

// parse reads a cell. The syntax is usable, as far as it goes, even if there are diagnostics.
func parse(fset *token.FileSet, cell Cell) (*syntax, []Diagnostic) {
	source := []byte(cell.Source)
	p := split(source)
	s := &syntax{cell: cell, fset: fset, silent: p.silent}
	d := &diagnostics{syntax: s}
	d.addParser(p.errors, 0)
	file, err := s.parse("package main;", p.file, "")
	if len(p.errors) == 0 {
		d.addParser(err, s.starts[0].prefix)
	}
	s.file, s.decls = file, file.Decls
	body, err := s.parse("package main;func _(){", p.body, "\n}")
	if len(p.errors) == 0 {
		d.addParser(err, s.starts[1].prefix)
	}
	if len(body.Decls) > 0 {
		if f, ok := body.Decls[0].(*ast.FuncDecl); ok && f.Body != nil {
			s.body = f.Body.List
		}
	}
	return s, d.sorted()
}

func (s *syntax) parse(before string, source []byte, after string) (*ast.File, error) {
	before += "\n//line " + fileName(s.cell.Number) + ":1:1\n"
	base := s.fset.Base()
	file, err := parser.ParseFile(s.fset, fileName(s.cell.Number), before+string(source)+after, parser.ParseComments|parser.SkipObjectResolution)
	s.starts = append(s.starts, start{s.fset.File(token.Pos(base)), len(before)})
	return file, err
}

// fileName is how positions name a cell.
func fileName(number int) string { return fmt.Sprintf("In[%d]", number) }

// offset is the place of pos in the cell's source; -1 if it lies outside, as what an earlier cell declared does.
func (s *syntax) offset(pos token.Pos) int {
	for _, at := range s.starts {
		if base := token.Pos(at.file.Base()); base <= pos && int(pos-base) <= at.file.Size() {
			return min(max(0, int(pos-base)-at.prefix), len(s.cell.Source))
		}
	}
	return -1
}

// place is where pos lies: the cell, and its line and column there, whatever line directives say.
func (s *syntax) place(pos token.Pos) (cell int, at token.Position) {
	if offset := s.offset(pos); offset >= 0 {
		return s.cell.Number, position([]byte(s.cell.Source), offset)
	}
	at = s.fset.Position(pos)
	cell, _ = cellNumber(at)
	return cell, at
}

// text is the source of a node.
func (s *syntax) text(from, to token.Pos) string {
	a, b := s.offset(from), s.offset(to)
	if a < 0 || b < a {
		return ""
	}
	return s.cell.Source[a:b]
}
