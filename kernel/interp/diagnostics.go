package interp

import (
	"cmp"
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// diagnostics collects what is wrong with a cell.
type diagnostics struct {
	syntax *syntax
	list   []Diagnostic
}

// add notes a complaint once.
func (d *diagnostics) add(pos token.Pos, message string) {
	cell, at := d.syntax.place(pos)
	d.addAt(cell, at, message)
}

func (d *diagnostics) addAt(cell int, at token.Position, message string) {
	diag := Diagnostic{Cell: cell, Line: at.Line, Column: at.Column, Message: unmarked(message)}
	if source := d.syntax.cell; cell == source.Number {
		diag.Text = strings.Split(source.Source, "\n")[at.Line-1]
	}
	if !slices.Contains(d.list, diag) {
		d.list = append(d.list, diag)
	}
}

// addParser notes what the parser complains of in a text that begins with so many bytes of ours.
func (d *diagnostics) addParser(err error, prefix int) {
	list, _ := err.(scanner.ErrorList)
	source := []byte(d.syntax.cell.Source)
	for i, e := range list {
		offset := e.Pos.Offset - prefix
		if i > 0 && offset > len(source) { // our own closing brace, after an error
			continue
		}
		d.addAt(d.syntax.cell.Number, position(source, min(max(0, offset), len(source))), e.Msg)
	}
}

// addType notes a complaint of the type checker, which gives further places of one as complaints that start with a tab.
func (d *diagnostics) addType(err types.Error) {
	if strings.HasPrefix(err.Msg, "\t") {
		if len(d.list) > 0 {
			cell, at := d.syntax.place(err.Pos)
			last := &d.list[len(d.list)-1]
			last.Message += unmarked(fmt.Sprintf("\n\t%s:%d:%d: %s", fileName(cell), at.Line, at.Column, strings.TrimSpace(err.Msg)))
		}
		return
	}
	message := err.Msg
	if _, text, ok := strings.Cut(message, "("+unbound); ok { // the checker's "could not import P (...)" says the same twice
		message = strings.TrimSuffix(text, ")")
	}
	d.add(err.Pos, message)
}

// cellNumber reads the cell's number off a position; ok is false if a line directive moved it elsewhere.
func cellNumber(at token.Position) (number int, ok bool) {
	_, err := fmt.Sscanf(at.Filename, "In[%d]", &number)
	return number, err == nil
}

// sorted gives the diagnostics in the order of the source, those about earlier cells first.
func (d *diagnostics) sorted() []Diagnostic {
	slices.SortStableFunc(d.list, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return d.list
}
