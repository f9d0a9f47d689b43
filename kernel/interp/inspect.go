package interp

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"paperlab/kernel/interp/symbols"
)

// Inspect tells what is known of the name at the cursor, an offset in bytes; between a call's brackets, of the function that
// is called. It may be called while a cell runs, which keeps it from looking at values.
func (in *Interp) Inspect(source string, cursor int) (Inspection, bool) {
	start, name := nameAt(source, min(max(cursor, 0), len(source)))
	if name == "" {
		return Inspection{}, false
	}
	if object, p := in.objectAt(source, start, name); object != nil {
		return in.describe(object, p), true
	}
	b, ok := in.names.lookup(name)
	if !ok {
		return Inspection{}, false
	}
	return in.describe(b.object, nil), true
}

// nameAt finds the identifier that touches the cursor, else the one before the innermost bracket that is open there.
func nameAt(source string, cursor int) (start int, name string) {
	tokens, _, _ := lex([]byte(source))
	tokens = written(tokens)
	var before []lexeme
	for _, t := range tokens {
		if t.tok == token.IDENT && t.offset <= cursor && cursor <= t.offset+len(t.text) {
			return t.offset, t.text
		}
		if t.offset < cursor {
			before = append(before, t)
		}
	}
	brackets := openBrackets(before)
	if len(brackets) == 0 {
		return 0, ""
	}
	innermost := brackets[len(brackets)-1].offset
	for i := 1; i < len(before); i++ {
		if before[i].offset == innermost && before[i-1].tok == token.IDENT {
			return before[i-1].offset, before[i-1].text
		}
	}
	return 0, ""
}

// objectAt is what the identifier stands for in the source, finished if it must be.
func (in *Interp) objectAt(source string, start int, name string) (types.Object, *probe) {
	end := start + len(name)
	for _, text := range []string{source, source[:end] + "\n" + closers(source[:end])} {
		p := in.newProbe(text)
		if p == nil {
			continue
		}
		for _, found := range []map[*ast.Ident]types.Object{p.info.Uses, p.info.Defs} {
			for id, object := range found {
				if object != nil && id.Name == name && p.offset(id.Pos()) == start {
					return object, p
				}
			}
		}
	}
	return nil, nil
}

// describe tells what is known of an object; p, if not nil, is the check of the source that mentions it.
func (in *Interp) describe(object types.Object, p *probe) Inspection {
	if imported, ok := object.(*types.PkgName); ok {
		path := imported.Imported().Path()
		_, doc, _ := symbols.Doc(path, "")
		return Inspection{Declaration: "package " + imported.Imported().Name() + " // import \"" + path + "\"", Package: path, Doc: doc}
	}
	if pkg := object.Pkg(); pkg != nil && pkg.Path() != cellPath {
		out := Inspection{Declaration: declaration(object), Package: pkg.Path()}
		if decl, doc, ok := symbols.Doc(pkg.Path(), symbol(object)); ok {
			out.Declaration, out.Doc = decl, doc
		}
		return out
	}
	return in.describeOwn(object, p)
}

// describeOwn tells of what cells declare, the source at hand or earlier ones.
func (in *Interp) describeOwn(object types.Object, p *probe) Inspection {
	out := Inspection{Declaration: declaration(object)}
	owner, method, isMethod := strings.Cut(symbol(object), ".")
	b, _ := in.names.lookup(owner)
	if p != nil && p.declared[owner] {
		b.doc, b.kept = p.docs()[owner], p.kept[owner]
	}
	switch {
	case isMethod && b.kept != nil:
		out.Doc = b.kept.docs[method]
	case isMethod:
	case b.object == object || p != nil && p.declared[owner]:
		out.Doc = b.doc
		if b.kept != nil && b.kept.isType() {
			out.Declaration = b.kept.source.keyword + b.kept.source.text
		}
	}
	if v, ok := b.object.(*types.Var); ok && !isMethod && b.object.Name() == object.Name() {
		out.Value = in.valueOf(v)
	}
	out.Doc = strings.TrimSpace(out.Doc)
	return out
}

// symbol names an object within its package: Println, Buffer.Len.
func symbol(object types.Object) string {
	f, ok := object.(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return object.Name()
	}
	named, ok := types.Unalias(dereferenced(f.Signature().Recv().Type())).(*types.Named)
	if !ok {
		return object.Name()
	}
	return named.Obj().Name() + "." + object.Name()
}

// declaration writes an object as Go declares it.
func declaration(object types.Object) string {
	if c, ok := object.(*types.Const); ok {
		return types.ObjectString(c, qualifier) + " = " + c.Val().String()
	}
	signature, ok := object.Type().(*types.Signature)
	if v, isVar := object.(*types.Var); !ok || isVar && v.IsField() {
		return types.ObjectString(object, qualifier)
	}
	head := "func "
	if recv := signature.Recv(); recv != nil {
		head += "(" + strings.TrimSpace(recv.Name()+" "+types.TypeString(recv.Type(), qualifier)) + ") "
	}
	return head + object.Name() + strings.TrimPrefix(types.TypeString(signature, qualifier), "func")
}
