package interp

import (
	"cmp"
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"regexp"
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
	d.add(err.Pos, ofOnePackage(message))
}

// cellType is a type of an earlier cell, as the checker writes it.
var cellType = regexp.MustCompile(`\b` + cellPath + `\.(\w+)`)

// ofOnePackage words a message as if all cells were one package, as their reader sees them. If that makes a type look as if
// it were not itself, the message says why.
func ofOnePackage(message string) string {
	found := cellType.FindAllStringSubmatch(message, -1)
	message = cellType.ReplaceAllString(message, "$1")
	value, target, ok := strings.Cut(message, " as ")
	if !ok || !strings.HasPrefix(message, "cannot use ") {
		return message
	}
	for _, m := range found {
		name := regexp.MustCompile(`\b` + m[1] + `\b`)
		if name.MatchString(value) && name.MatchString(target) {
			return fmt.Sprintf("%s\n\t%s has been declared again: make the value anew, or run the cells that use the old %s again", message, m[1], m[1])
		}
	}
	return message
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
