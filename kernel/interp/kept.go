package interp

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// kept is the source of a type or function that a cell declared, a type's with its methods. A method that a later cell adds
// re-declares the type from it, since the methods of a type cannot change once it is made, and what mentions the type.
type kept struct {
	source  fragment
	methods map[string]fragment
	docs    map[string]string       // of the methods
	uses    map[string]types.Object // what names in the sources stood for
}

func newKept(source fragment) *kept {
	return &kept{source: source, methods: map[string]fragment{}, docs: map[string]string{}}
}

func (k *kept) isType() bool { return k.source.keyword == typeKeyword }

// typeKeyword stands before a type's fragment, which is one of a group, perhaps.
const typeKeyword = "type "

// fragment is a piece of a cell's source.
type fragment struct {
	cell, line, column int
	keyword            string // before the text
	text               string
}

// parse reads the fragment as a declaration whose positions are those of its cell.
func (f fragment) parse(fset *token.FileSet) (ast.Decl, error) {
	source := fmt.Sprintf("package main;%s/*line %s:%d:%d*/%s", f.keyword, fileName(f.cell), f.line, f.column, f.text)
	file, err := parser.ParseFile(fset, fileName(f.cell), source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("re-declaring what In[%d] declared: %w", f.cell, err)
	}
	return file.Decls[0], nil
}

// fragment cuts a node out of the cell.
func (s *syntax) fragment(keyword string, n ast.Node) fragment {
	at := position([]byte(s.cell.Source), s.offset(n.Pos()))
	return fragment{s.cell.Number, at.Line, at.Column, keyword, s.text(n.Pos(), n.End())}
}

// redeclare adds to the cell the declarations of the types that it gives methods and does not declare itself. It returns
// their names.
func (p *program) redeclare(live *names) (names []string, err error) {
	for _, f := range p.methods() {
		if id := receiverName(f); id != nil {
			id.Name = p.unaliased(id.Name, live)
		}
		name := receiver(f)
		b, _ := live.lookup(name)
		if p.declared[name] || b.kept == nil || !b.kept.isType() {
			continue
		}
		if err := p.restore(name, b, p.methodsOf(name)); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// restore adds a kept declaration to the cell, without the methods that the cell declares itself.
func (p *program) restore(name string, b binding, own map[string]bool) error {
	p.declared[name], p.kept[name], p.restored[name] = true, b.kept.clone(), b
	fragments := []fragment{b.kept.source}
	for _, method := range slices.Sorted(maps.Keys(b.kept.methods)) {
		if !own[method] {
			fragments = append(fragments, b.kept.methods[method])
		}
	}
	for _, f := range fragments {
		decl, err := f.parse(p.fset)
		if err != nil {
			return err
		}
		p.decls = append(p.decls, decl)
	}
	return nil
}

// follow adds to the cell the declarations of earlier cells that mention the types, and those that mention these: a function
// that returns the type shall return the one with the new method. What could mean something else now is left as it is.
func (p *program) follow(names []string, live *names) error {
	changed := map[types.Object]bool{}
	for _, name := range names {
		changed[p.restored[name].object] = true
	}
	for again := len(names) > 0; again; {
		again = false
		all := live.all()
		for _, name := range slices.Sorted(maps.Keys(all)) {
			b := all[name]
			if b.kept == nil || p.declared[name] || !p.follows(b.kept, changed, live) {
				continue
			}
			if err := p.restore(name, b, nil); err != nil {
				return err
			}
			changed[b.object], again = true, true
		}
	}
	return nil
}

// follows says whether a declaration mentions what changed and means the same otherwise.
func (p *program) follows(k *kept, changed map[types.Object]bool, live *names) bool {
	found := false
	for name, object := range k.uses {
		b, _ := live.lookup(name)
		if !sameObject(b.object, object) || p.declared[name] && !changed[object] {
			return false
		}
		found = found || changed[object]
	}
	return found
}

// keep notes the sources of the cell's types, methods and functions.
func (p *program) keep() {
	for _, decl := range p.decls {
		if p.offset(decl.Pos()) < 0 { // restored
			continue
		}
		switch d := decl.(type) {
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok {
					p.kept[t.Name.Name] = newKept(p.fragment(typeKeyword, t))
				}
			}
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name != "init" {
				p.kept[d.Name.Name] = newKept(p.fragment("", d))
			}
		}
	}
	for _, f := range p.methods() {
		if kept := p.kept[receiver(f)]; kept != nil && kept.isType() {
			kept.methods[f.Name.Name] = p.fragment("", f)
			kept.docs[f.Name.Name] = f.Doc.Text()
		}
	}
}

func (k *kept) clone() *kept {
	return &kept{source: k.source, methods: maps.Clone(k.methods), docs: maps.Clone(k.docs)}
}

// methods are those that the cell itself declares.
func (p *program) methods() []*ast.FuncDecl {
	var out []*ast.FuncDecl
	for _, decl := range p.syntax.decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv != nil && len(f.Recv.List) == 1 {
			out = append(out, f)
		}
	}
	return out
}

// methodsOf are the names of those of one type.
func (p *program) methodsOf(name string) map[string]bool {
	out := map[string]bool{}
	for _, f := range p.methods() {
		out[f.Name.Name] = out[f.Name.Name] || receiver(f) == name
	}
	return out
}

// docs are the comments of the cell's declarations.
func (p *program) docs() map[string]string {
	out := map[string]string{}
	for _, decl := range p.decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				out[d.Name.Name] = d.Doc.Text()
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				docsOf(spec, d.Doc, out)
			}
		}
	}
	for name, b := range p.restored {
		out[name] = b.doc
	}
	return out
}

// docsOf notes the comment of each name in spec; group is the comment of the whole declaration.
func docsOf(spec ast.Spec, group *ast.CommentGroup, out map[string]string) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		out[s.Name.Name] = firstText(s.Doc, s.Comment, group)
	case *ast.ValueSpec:
		for _, name := range s.Names {
			out[name.Name] = firstText(s.Doc, s.Comment, group)
		}
	}
}

// firstText is the text of the first comment that has one.
func firstText(comments ...*ast.CommentGroup) string {
	for _, c := range comments {
		if text := c.Text(); text != "" {
			return text
		}
	}
	return ""
}
