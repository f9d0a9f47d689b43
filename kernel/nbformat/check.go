package nbformat

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Validate checks a notebook against the schema of format 4.5 (the file nbformat.v4.5.schema.json of Jupyter's
// nbformat; before 4.5 cells need no id) and the rule that ids are unique. The error joins everything that is wrong,
// each with the number of its cell, counted from 1. Unlike the schema it lets unknown fields pass.
func (nb *Notebook) Validate() error {
	if _, err := nb.checkedTree(); err != nil {
		return fmt.Errorf("nbformat: %w", err)
	}
	return nil
}

// mostProblems is how many problems an error tells of.
const mostProblems = 20

// problems gathers what is wrong with a notebook's tree.
type problems struct {
	first []error
	more  int // beyond mostProblems
}

func (p *problems) add(where, format string, args ...any) {
	if len(p.first) == mostProblems {
		p.more++
		return
	}
	p.first = append(p.first, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...)))
}

func (p *problems) err() error {
	if p.more > 0 {
		return errors.Join(append(p.first, fmt.Errorf("and %d more problems", p.more))...)
	}
	return errors.Join(p.first...)
}

// rule checks one value; where says which it is.
type rule func(p *problems, where string, value any)

// field is a named value of an object.
type field struct {
	name     string
	required bool
	check    rule
}

const (
	required = true
	optional = false
)

// objectOf checks an object's fields; others are let pass.
func objectOf(fields ...field) rule {
	return func(p *problems, where string, value any) {
		object, ok := value.(map[string]any)
		if !ok {
			p.add(where, "%s where an object is expected", kindOf(value))
			return
		}
		for _, f := range fields {
			value, ok := object[f.name]
			if ok {
				f.check(p, where+": field "+f.name, value)
			} else if f.required {
				p.add(where, "field %s is missing", f.name)
			}
		}
	}
}

// eachField checks the values of an object whose names are free.
func eachField(check func(name string) rule) rule {
	return func(p *problems, where string, value any) {
		object, ok := value.(map[string]any)
		if !ok {
			p.add(where, "%s where an object is expected", kindOf(value))
			return
		}
		for _, name := range slices.Sorted(maps.Keys(object)) {
			check(name)(p, where+": "+strconv.Quote(name), object[name])
		}
	}
}

// listOf checks the items of a list.
func listOf(check rule) rule {
	return func(p *problems, where string, value any) {
		list, ok := value.([]any)
		if !ok {
			p.add(where, "%s where a list is expected", kindOf(value))
			return
		}
		for i, item := range list {
			check(p, fmt.Sprintf("%s: item %d", where, i+1), item)
		}
	}
}

// that accepts the values for which ok is true.
func that(expected string, ok func(value any) bool) rule {
	return func(p *problems, where string, value any) {
		if !ok(value) {
			p.add(where, "%s where %s is expected", kindOf(value), expected)
		}
	}
}

func kindOf(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(value)
	case json.Number:
		return "the number " + string(value)
	case string:
		if len(value) > 40 {
			return "a text"
		}
		return "the text " + strconv.Quote(value)
	case []any:
		return "a list"
	}
	return "an object"
}

// checkTree checks a notebook as it stands in its file.
func checkTree(tree any) error {
	var p problems
	notebookRule(&p, "notebook", tree)
	if root, ok := tree.(map[string]any); ok {
		if cells, ok := root["cells"].([]any); ok {
			checkCells(&p, cells, !lessThan(root["nbformat_minor"], 5))
		}
	}
	return p.err()
}

// checkCells checks each cell by its type, and the ids if there have to be any.
func checkCells(p *problems, cells []any, withIDs bool) {
	owner := map[string]int{} // cell number by id
	for i, value := range cells {
		where := fmt.Sprintf("cell %d", i+1)
		cell, ok := value.(map[string]any)
		if !ok {
			p.add(where, "%s where an object is expected", kindOf(value))
			continue
		}
		id, _ := cell["id"].(string)
		if id != "" {
			where += " (id " + strconv.Quote(id) + ")"
		}
		kind, _ := cell["cell_type"].(string)
		check, ok := cellRules[CellType(kind)]
		if !ok {
			p.add(where, "field cell_type: %s where code, markdown or raw is expected", kindOf(cell["cell_type"]))
			continue
		}
		check(p, where, cell)
		if !withIDs {
			continue
		}
		objectOf(field{"id", required, cellID})(p, where, cell)
		if first, taken := owner[id]; taken && id != "" {
			p.add(where, "its id is that of cell %d", first)
		} else {
			owner[id] = i + 1
		}
	}
}

// lessThan tells whether value is a number below limit.
func lessThan(value any, limit int) bool {
	number, _ := value.(json.Number)
	n, err := strconv.Atoi(string(number))
	return err == nil && n < limit
}

// isJSON tells whether values of a MIME type may be any JSON.
func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}
