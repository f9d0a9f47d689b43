package session

import (
	"go/ast"
	"go/parser"
	"go/types"
	"strings"
)

// step is a magic in a cell.
type step struct {
	name string // %cd, %%time, ! or $
	arg  string // what stands behind the name in its line
	line int    // where that is, from 0, with the column
	col  int
	body string // of a cell magic: the lines below, in their place
}

// split takes the magics off the head of a cell, as gophernotes does: lines that begin with %, $, ! or :help, or ask for
// documentation with a ?, up to the first line of another kind. The code keeps their lines, empty, so that errors name the
// right ones. A cell magic (%%) takes all that follows. Whether a line that begins with ! is a shell command or an
// expression is for isGo to say.
func split(code string, isGo func(line string) bool) (head []step, rest string) {
	lines := strings.Split(code, "\n")
	for i := 0; i < len(lines); i++ {
		text := strings.TrimSpace(lines[i])
		switch {
		case text == "" || strings.HasPrefix(text, "//"):
			continue
		case strings.HasPrefix(text, "%%"):
			s := named(lines[i], i)
			s.body = strings.Repeat("\n", i+1) + strings.Join(lines[i+1:], "\n")
			return append(head, s), ""
		case strings.HasPrefix(text, "%"):
			head = append(head, named(lines[i], i))
		case strings.HasPrefix(text, "?"), strings.HasSuffix(text, "?") && !strings.ContainsAny(text, " \"`'"):
			head = append(head, step{name: "?", arg: strings.Trim(text, "?"), line: i})
		case text == ":help":
			head = append(head, step{name: "%help", line: i})
		case text[0] == '$', text[0] == '!' && !isGo(text):
			last := i
			for last+1 < len(lines) && strings.HasSuffix(lines[last], "\\") {
				last++ // the shell joins the lines
			}
			command := strings.TrimSpace(strings.Join(lines[i:last+1], "\n"))
			head = append(head, step{name: command[:1], arg: strings.TrimSpace(command[1:]), line: i})
			for ; i < last; i++ {
				lines[i] = ""
			}
		default:
			return head, strings.Join(lines, "\n")
		}
		lines[i] = ""
	}
	return head, strings.Join(lines, "\n")
}

// named reads a line such as "%name argument".
func named(line string, number int) step {
	start := strings.IndexByte(line, '%')
	name, arg, _ := strings.Cut(line[start:], " ")
	col := start + len(name)
	col += len(line[col:]) - len(strings.TrimLeft(line[col:], " \t"))
	return step{name: strings.TrimSpace(name), arg: strings.TrimSpace(arg), line: number, col: col}
}

// isGo says whether a line that begins with ! is an expression of Go: one that calls something, or one about a name that
// the notebook or the language has. "!ls" is none.
func (r *run) isGo(line string) bool {
	expression, err := parser.ParseExpr(line)
	if err != nil {
		return false
	}
	found := false
	ast.Inspect(expression, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr, *ast.ParenExpr:
			found = true
		case *ast.Ident:
			found = found || types.Universe.Lookup(n.Name) != nil || r.knows(n.Name)
		}
		return !found
	})
	return found
}

// knows says whether the notebook has declared a name.
func (r *run) knows(name string) bool {
	for _, n := range r.session.engine.Names() {
		if n.Name == name {
			return true
		}
	}
	return false
}
