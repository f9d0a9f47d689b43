package interp

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// diagnostics collects what is wrong with a cell.
type diagnostics struct {
	cell Cell
	list []Diagnostic
}

// add notes a complaint once. A place behind the source's end, where our own text stands, becomes its end.
func (d *diagnostics) add(cell, line, column int, message string) {
	diag := Diagnostic{Cell: cell, Line: line, Column: column, Message: unmarked(message)}
	if cell == d.cell.Number {
		lines := strings.Split(d.cell.Source, "\n")
		if line > len(lines) {
			diag.Line, diag.Column = len(lines), len(lines[len(lines)-1])+1
		}
		diag.Text = lines[diag.Line-1]
	}
	if !slices.Contains(d.list, diag) {
		d.list = append(d.list, diag)
	}
}

// addType notes a complaint of the type checker, which gives further places of one as complaints that start with a tab.
func (d *diagnostics) addType(err types.Error) {
	at := err.Fset.Position(err.Pos)
	if strings.HasPrefix(err.Msg, "\t") {
		if len(d.list) > 0 {
			last := &d.list[len(d.list)-1]
			last.Message += unmarked(fmt.Sprintf("\n\t%s: %s", at, strings.TrimSpace(err.Msg)))
		}
		return
	}
	message := err.Msg
	if _, text, ok := strings.Cut(message, "("+unbound); ok { // the checker's "could not import P (...)" says the same twice
		message = strings.TrimSuffix(text, ")")
	}
	d.add(cellNumber(at), at.Line, at.Column, ofOnePackage(message))
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

// cellNumber reads the cell's number off a position.
func cellNumber(at token.Position) int {
	var number int
	_, _ = fmt.Sscanf(at.Filename, "In[%d]", &number)
	return number
}

// sorted gives the diagnostics in the order of the source, those about earlier cells first.
func (d *diagnostics) sorted() []Diagnostic {
	slices.SortStableFunc(d.list, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return d.list
}
