package interp

import (
	"cmp"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"paperlab/kernel/interp/symbols"
)

// Complete finds how the source can go on at the cursor, an offset in bytes: with a name in scope, a member of what stands
// before a dot, a field in a struct literal, or a package's path in an import. It may be called while a cell runs.
func (in *Interp) Complete(source string, cursor int) Completion {
	cursor = min(max(cursor, 0), len(source))
	place := placeAt(source[:cursor])
	out := Completion{Start: place.start, End: cursor}
	prefix := source[place.start:cursor]
	switch place.kind {
	case inText:
		return Completion{Start: cursor, End: cursor}
	case inImport:
		for _, path := range symbols.Bound() {
			out.Matches = append(out.Matches, Match{Text: path, Kind: "package"})
		}
	default:
		end := cursor + len(identifierAt(source[cursor:]))
		p, id := in.probeAt(source, place.start, end)
		if p == nil {
			if place.kind == inCode {
				out.Matches = in.global(prefix)
			}
			break
		}
		if x := p.selected(id); x != nil {
			out.Matches = p.members(x)
		} else {
			out.Matches = in.scope(p, id.Pos(), prefix)
			if fields := p.literal(id); fields != nil {
				out.Matches = append(out.Matches, fieldMatches(fields)...)
			}
		}
	}
	out.Matches = slices.DeleteFunc(out.Matches, func(m Match) bool { return !strings.HasPrefix(m.Text, prefix) || strings.Contains(m.Text, cursorName) })
	slices.SortFunc(out.Matches, func(a, b Match) int { return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.Kind, b.Kind)) })
	out.Matches = slices.Compact(out.Matches)
	return out
}

// place is what the cursor stands in, and where the word before it begins.
type place struct {
	kind  placeKind
	start int
}

type placeKind int

const (
	inCode   placeKind = iota
	inMember           // behind a dot
	inImport           // in the path of an import
	inText             // in a string or comment, or in a number
)

// placeAt looks at the source before the cursor.
func placeAt(before string) place {
	tokens, comments, _ := lex([]byte(before))
	if n := len(comments); n > 0 {
		c := comments[n-1]
		if end := c.offset + commentLength([]byte(before[c.offset:])); end == len(before) && (strings.HasPrefix(c.text, "//") || !strings.HasSuffix(c.text, "*/")) {
			return place{inText, len(before)}
		}
	}
	tokens = written(tokens)
	if len(tokens) == 0 {
		return place{inCode, len(before)}
	}
	last := tokens[len(tokens)-1]
	touches := lastEnd(tokens) == len(before)
	switch {
	case last.tok == token.STRING && touches && open(last.text):
		if statementStart(tokens).tok == token.IMPORT {
			return place{inImport, last.offset + 1}
		}
		return place{inText, len(before)}
	case last.tok == token.PERIOD && touches:
		return place{inMember, len(before)}
	case touches && (last.tok == token.IDENT || last.tok.IsKeyword()):
		if len(tokens) > 1 && tokens[len(tokens)-2].tok == token.PERIOD {
			return place{inMember, last.offset}
		}
		return place{inCode, last.offset}
	case touches && last.tok.IsLiteral():
		return place{inText, len(before)}
	}
	return place{inCode, len(before)}
}

// open says whether a string literal lacks its end.
func open(literal string) bool {
	return len(literal) == 1 || literal[0] != literal[len(literal)-1]
}

// written leaves out the tokens that nobody wrote.
func written(tokens []lexeme) []lexeme {
	return slices.DeleteFunc(slices.Clone(tokens), func(t lexeme) bool { return t.tok == token.EOF || t.text == "\n" })
}

// statementStart is the first token of the last statement at the top level.
func statementStart(tokens []lexeme) lexeme {
	start, depth := 0, 0
	for i, t := range tokens {
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.IMPORT:
			if depth == 0 {
				start = i
			}
		}
	}
	return tokens[start]
}

// identifierAt is the identifier that the text begins with.
func identifierAt(text string) string {
	for i := range text {
		if !token.IsIdentifier("_"+text[:i]) && i > 0 {
			return text[:i-1]
		}
	}
	if token.IsIdentifier("_" + text) {
		return text
	}
	return ""
}

// global are the names that any cell can use, and keywords.
func (in *Interp) global(prefix string) []Match {
	var out []Match
	for name, b := range in.names.all() {
		out = append(out, match(name, b.object))
	}
	for _, name := range types.Universe.Names() {
		out = append(out, match(name, types.Universe.Lookup(name)))
	}
	if prefix != "" {
		for tok := token.BREAK; tok <= token.VAR; tok++ {
			out = append(out, Match{Text: tok.String(), Kind: "keyword"})
		}
	}
	return out
}

// scope are the names that can be used at a place in the source.
func (in *Interp) scope(p *probe, pos token.Pos, prefix string) []Match {
	seen := map[string]Match{}
	outermost := p.pkg.Scope().Parent()
	for scope := p.scopeAt(pos); scope != nil && scope != outermost; scope = scope.Parent() {
		for _, name := range scope.Names() {
			object := scope.Lookup(name)
			local := scope != p.pkg.Scope()
			if _, ok := seen[name]; ok || strings.Contains(name, marker) || local && object.Pos() > pos {
				continue
			}
			seen[name] = match(name, object)
		}
	}
	for _, spec := range p.imports() {
		if object, ok := p.info.Implicits[spec].(*types.PkgName); ok {
			seen[object.Name()] = match(object.Name(), object)
		}
	}
	for _, m := range in.global(prefix) {
		if _, ok := seen[m.Text]; !ok {
			seen[m.Text] = m
		}
	}
	return slices.Collect(maps.Values(seen))
}

// match describes an object as a way to go on.
func match(name string, object types.Object) Match {
	return Match{Text: name, Kind: kindOf(object), Type: typeText(object)}
}

// kindOf names what an object is. A variable that holds a function counts as one, as it does in a notebook.
func kindOf(object types.Object) string {
	switch o := object.(type) {
	case *types.Func:
		if o.Signature().Recv() != nil {
			return "method"
		}
		return "function"
	case *types.Builtin:
		return "function"
	case *types.Const, *types.Nil:
		return "constant"
	case *types.TypeName:
		return "type"
	case *types.PkgName:
		return "package"
	case *types.Var:
		if _, ok := o.Type().(*types.Signature); ok && !o.IsField() {
			return "function"
		}
		if o.IsField() {
			return "field"
		}
	}
	return "variable"
}

// typeText is an object's type as its reader would write it in a cell; a package's path.
func typeText(object types.Object) string {
	switch o := object.(type) {
	case *types.PkgName:
		return o.Imported().Path()
	case *types.Builtin, *types.Nil:
		return ""
	case *types.TypeName:
		return types.TypeString(o.Type().Underlying(), qualifier)
	}
	return types.TypeString(object.Type(), qualifier)
}

// qualifier writes types of bound packages with the package's name, and those of cells without.
func qualifier(pkg *types.Package) string {
	if pkg.Path() == cellPath {
		return ""
	}
	return pkg.Name()
}
