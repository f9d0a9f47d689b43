// Package docs reads what a Go package's source says of its exported names.
package docs

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"strings"
)

// Entry is one name's declaration, without what is not exported, and its doc comment as plain text.
type Entry struct {
	Declaration string
	Doc         string
}

// Package holds a package's entries by name: Println, Time.Add, and "" for the package.
type Package map[string]Entry

// Read parses the package in a folder, as it is built for this system.
func Read(dir, importPath string) (Package, error) {
	found, err := build.ImportDir(dir, 0)
	if err != nil {
		return nil, fmt.Errorf("reading the docs of %s: %w", importPath, err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range append(found.GoFiles, found.CgoFiles...) {
		file, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("reading the docs of %s: %w", importPath, err)
		}
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(fset, files, importPath)
	if err != nil {
		return nil, fmt.Errorf("reading the docs of %s: %w", importPath, err)
	}
	r := reader{fset, pkg, Package{}}
	r.add("", fmt.Sprintf("package %s // import %q", pkg.Name, importPath), pkg.Doc)
	r.values(pkg.Consts)
	r.values(pkg.Vars)
	r.funcs(pkg.Funcs)
	for _, t := range pkg.Types {
		r.add(t.Name, r.typeDeclaration(t.Decl), t.Doc)
		r.values(t.Consts)
		r.values(t.Vars)
		r.funcs(t.Funcs)
		for _, method := range t.Methods {
			r.add(t.Name+"."+method.Name, r.print(method.Decl), method.Doc)
		}
		r.members(t)
	}
	return r.entries, nil
}

type reader struct {
	fset    *token.FileSet
	pkg     *doc.Package
	entries Package
}

func (r *reader) add(name, declaration, comment string) {
	r.entries[name] = Entry{declaration, string(bytes.TrimSpace(r.pkg.Text(comment)))}
}

func (r *reader) funcs(funcs []*doc.Func) {
	for _, f := range funcs {
		r.add(f.Name, r.print(f.Decl), f.Doc)
	}
}

// values adds the names of const and var declarations. A name has the line that declares it, and that line's comment, or
// else the group's.
func (r *reader) values(groups []*doc.Value) {
	for _, group := range groups {
		for _, spec := range group.Decl.Specs {
			value := spec.(*ast.ValueSpec)
			comment := value.Doc.Text()
			if comment == "" {
				comment = value.Comment.Text()
			}
			if comment == "" {
				comment = group.Doc
			}
			line := *value
			line.Doc, line.Comment = nil, nil
			for _, name := range value.Names {
				r.add(name.Name, group.Decl.Tok.String()+" "+r.print(&line), comment)
			}
		}
	}
}

// members adds the fields of a struct type and the methods of an interface type.
func (r *reader) members(t *doc.Type) {
	for _, spec := range t.Decl.Specs {
		var fields *ast.FieldList
		kind := "field "
		switch underlying := spec.(*ast.TypeSpec).Type.(type) {
		case *ast.StructType:
			fields = underlying.Fields
		case *ast.InterfaceType:
			fields, kind = underlying.Methods, "func ("+t.Name+") "
		default:
			continue
		}
		for _, field := range fields.List {
			comment := field.Doc.Text()
			if comment == "" {
				comment = field.Comment.Text()
			}
			typ := r.print(field.Type)
			if function, ok := field.Type.(*ast.FuncType); ok && kind != "field " {
				typ = r.print(function)[len("func"):]
			} else {
				typ = " " + typ
			}
			for _, name := range field.Names {
				r.add(t.Name+"."+name.Name, kind+name.Name+typ, comment)
			}
		}
	}
}

// typeDeclaration prints a type, and that it has more fields than those shown, if it has.
func (r *reader) typeDeclaration(decl *ast.GenDecl) string {
	structure, ok := decl.Specs[0].(*ast.TypeSpec).Type.(*ast.StructType)
	if !ok || !structure.Incomplete {
		return r.print(decl)
	}
	structure.Incomplete = false
	text := strings.TrimSuffix(r.print(decl), "}")
	return strings.TrimRight(text, "\n") + "\n\t// and unexported fields\n}"
}

// print gives Go source, functions without their bodies.
func (r *reader) print(node ast.Node) string {
	if function, ok := node.(*ast.FuncDecl); ok {
		bare := *function
		bare.Body, bare.Doc = nil, nil
		node = &bare
	}
	var printed any = node
	if decl, ok := node.(*ast.GenDecl); ok {
		bare := *decl
		bare.Doc = nil
		printed = &printer.CommentedNode{Node: &bare, Comments: commentsIn(decl)}
	}
	var out bytes.Buffer
	config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 4}
	if err := config.Fprint(&out, r.fset, printed); err != nil {
		return err.Error()
	}
	return out.String()
}

// commentsIn collects the comments inside a declaration.
func commentsIn(decl *ast.GenDecl) []*ast.CommentGroup {
	var all []*ast.CommentGroup
	for _, spec := range decl.Specs {
		ast.Inspect(spec, func(n ast.Node) bool {
			if group, ok := n.(*ast.CommentGroup); ok {
				all = append(all, group)
			}
			return true
		})
	}
	return all
}
