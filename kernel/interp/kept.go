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

// keptType is the source of a type that a cell declared, with its methods. A method that a later cell adds re-declares the
// type from it, since the methods of a type cannot change once it is made.
type keptType struct {
	source  fragment
	methods map[string]fragment
	docs    map[string]string       // of the methods
	uses    map[string]types.Object // what names in the sources stood for
}

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

// redeclare adds to the cell the declarations of the types that it gives methods and does not declare itself.
func (p *program) redeclare(live *names) error {
	for _, f := range p.methods() {
		name := receiver(f)
		b, _ := live.lookup(name)
		if p.declared[name] || b.kept == nil {
			continue
		}
		kept := b.kept.clone()
		p.declared[name], p.kept[name] = true, kept
		own := p.methodsOf(name)
		decl, err := kept.source.parse(p.fset)
		if err != nil {
			return err
		}
		p.decls = append(p.decls, decl)
		for _, method := range slices.Sorted(maps.Keys(kept.methods)) {
			if own[method] {
				continue
			}
			decl, err := kept.methods[method].parse(p.fset)
			if err != nil {
				return err
			}
			p.decls = append(p.decls, decl)
		}
	}
	return nil
}

// keep notes the sources of the cell's types and methods.
func (p *program) keep() {
	for _, decl := range p.decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.TYPE {
			continue
		}
		for _, spec := range d.Specs {
			spec := spec.(*ast.TypeSpec)
			if p.offset(spec.Pos()) >= 0 {
				p.kept[spec.Name.Name] = &keptType{p.fragment("type ", spec), map[string]fragment{}, map[string]string{}, nil}
			}
		}
	}
	for _, f := range p.methods() {
		if kept := p.kept[receiver(f)]; kept != nil {
			kept.methods[f.Name.Name] = p.fragment("", f)
			kept.docs[f.Name.Name] = f.Doc.Text()
		}
	}
}

func (k *keptType) clone() *keptType {
	return &keptType{k.source, maps.Clone(k.methods), maps.Clone(k.docs), nil}
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

// receiver is the name of the type whose method f is.
func receiver(f *ast.FuncDecl) string {
	expr := f.Recv.List[0].Type
	for {
		switch x := expr.(type) {
		case *ast.StarExpr:
			expr = x.X
		case *ast.ParenExpr:
			expr = x.X
		case *ast.IndexExpr:
			expr = x.X
		case *ast.IndexListExpr:
			expr = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
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
