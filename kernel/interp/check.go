package interp

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"
	"strings"
)

// cellPath is the package path of every cell.
const cellPath = "main"

// checked is a cell with what the type checker found.
type checked struct {
	*program
	pkg     *types.Package
	info    *types.Info
	file    *ast.File
	proxies map[types.Object]types.Object // stand-ins for earlier cells' objects under another name
	errors  []types.Error
}

// check type-checks a cell as a package of its own, around whose scope lies one with the live names that it mentions. The
// complaints go to p's diagnostics.
func (in *Interp) check(p *program) *checked {
	proxied := map[string]binding{}
	c := in.checkOnce(p, proxied)
	early, literals := c.earlyUses(in.names), c.unkeyed()
	for _, id := range early {
		b, _ := in.names.lookup(id.Name)
		id.Name += marker
		proxied[id.Name] = b
	}
	for lit, fields := range literals {
		addKeys(lit, fields)
	}
	if len(early) > 0 || len(literals) > 0 {
		c = in.checkOnce(p, proxied)
	}
	dropping := false
	for _, err := range c.errors {
		further := strings.HasPrefix(err.Msg, "\t")
		if dropping = c.allowed(err) || dropping && further; !dropping {
			err.Msg = in.ofOnePackage(err.Msg)
			p.d.addType(err)
		}
	}
	c.checkLast()
	return c
}

// checkLast complains of a last expression whose value is a constant too large for its default type.
func (c *checked) checkLast() {
	if c.last == nil {
		return
	}
	tv := c.info.Types[c.last.X]
	if basic, ok := tv.Type.(*types.Basic); !ok || tv.Value == nil || basic.Info()&types.IsUntyped == 0 {
		return
	}
	fits := true
	switch tv.Value.Kind() {
	case constant.Int:
		_, fits = constant.Int64Val(tv.Value)
	case constant.Float:
		f, _ := constant.Float64Val(tv.Value)
		fits = !math.IsInf(f, 0)
	}
	if !fits {
		c.d.add(c.last.Pos(), fmt.Sprintf("cannot use %s (%s constant %s) as %s value (overflows)",
			types.ExprString(c.last.X), tv.Type, tv.Value, types.Default(tv.Type)))
	}
}

func (in *Interp) checkOnce(p *program, proxied map[string]binding) *checked {
	c := &checked{
		program: p,
		pkg:     types.NewPackage(cellPath, cellPath),
		info:    newInfo(),
		proxies: map[types.Object]types.Object{},
	}
	c.file = &ast.File{Package: p.file.Package, Name: p.file.Name, Decls: append(p.decls[:len(p.decls):len(p.decls)], p.entry)}
	earlier := types.NewScope(types.Universe, token.NoPos, token.NoPos, "earlier cells")
	*c.pkg.Scope() = *types.NewScope(earlier, token.NoPos, token.NoPos, "cell")
	own := in.ownNames(p)
	for name := range mentioned(c.file) {
		if b, ok := in.names.lookup(name); ok && !own[name] {
			earlier.Insert(b.in(c.pkg))
		}
	}
	for name, b := range proxied {
		proxy := b.proxy(c.pkg, name)
		earlier.Insert(proxy)
		c.proxies[proxy] = b.object
	}
	config := &types.Config{
		GoVersion: "go1.26",
		Importer:  in.importer,
		Sizes:     types.SizesFor("gc", "amd64"),
		Error:     func(err error) { c.errors = append(c.errors, err.(types.Error)) },
	}
	// its error is the first of c.errors
	_ = types.NewChecker(config, p.fset, c.pkg, c.info).Files([]*ast.File{c.file})
	return c
}

func newInfo() *types.Info {
	return &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		Scopes:       map[ast.Node]*types.Scope{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		Instances:    map[*ast.Ident]types.Instance{},
		FileVersions: map[*ast.File]string{},
	}
}

// ownNames are those that the cell declares itself, by imports too.
func (in *Interp) ownNames(p *program) map[string]bool {
	own := map[string]bool{}
	for name := range p.declared {
		own[name] = true
	}
	for _, spec := range p.imports() {
		own[in.importer.importName(spec)] = true
	}
	return own
}

// imports are the cell's own.
func (p *program) imports() []*ast.ImportSpec { return p.file.Imports }

// mentioned are all identifiers in the file.
func mentioned(file *ast.File) map[string]bool {
	out := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			out[id.Name] = true
		}
		return true
	})
	return out
}

// earlyUses finds the uses of a live name that the cell declares anew, but after the use or in it: x := f(x). In these the
// name has its old meaning. Function declarations see the whole cell's names.
func (c *checked) earlyUses(live *names) []*ast.Ident {
	early := map[types.Object]func(token.Pos) bool{}
	for _, st := range c.steps {
		if st.vars == nil {
			continue
		}
		for _, id := range st.vars.Names {
			object := c.info.Defs[id]
			if _, ok := live.lookup(id.Name); !ok || object == nil {
				continue
			}
			if st.define != nil {
				end := st.define.End()
				early[object] = func(pos token.Pos) bool { return pos < end }
			} else if len(st.vars.Values) > 0 {
				from, to := st.vars.Values[0].Pos(), st.vars.End()
				early[object] = func(pos token.Pos) bool { return from <= pos && pos < to }
			}
		}
	}
	if len(early) == 0 {
		return nil
	}
	var found []*ast.Ident
	for id, object := range c.info.Uses {
		if is, ok := early[object]; ok && c.inBody(id.Pos()) && is(id.Pos()) {
			found = append(found, id)
		}
	}
	return found
}

// unkeyed finds the struct literals that the checker refuses since their type, with fields that are not exported, is of
// another package: that of an earlier cell. With keys it takes them.
func (c *checked) unkeyed() map[*ast.CompositeLit]*types.Struct {
	found := map[*ast.CompositeLit]*types.Struct{}
	refused := func(err types.Error) bool {
		return strings.HasPrefix(err.Msg, "implicit assignment to unexported field")
	}
	if !slices.ContainsFunc(c.errors, refused) {
		return found
	}
	ast.Inspect(c.file, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		typ := c.info.TypeOf(lit)
		if typ == nil {
			return true
		}
		if pointer, ok := typ.Underlying().(*types.Pointer); ok { // an elided &T in []*T{{1}}
			typ = pointer.Elem()
		}
		fields, ok := typ.Underlying().(*types.Struct)
		if ok && fields.NumFields() == len(lit.Elts) && fromCells(typ) {
			found[lit] = fields
		}
		return true
	})
	return found
}

// fromCells says whether a cell declared the type.
func fromCells(typ types.Type) bool {
	named, ok := types.Unalias(typ).(interface{ Obj() *types.TypeName })
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == cellPath
}

// addKeys writes T{1} as T{x: 1}.
func addKeys(lit *ast.CompositeLit, fields *types.Struct) {
	for i, value := range lit.Elts {
		if _, ok := value.(*ast.KeyValueExpr); !ok {
			key := &ast.Ident{NamePos: value.Pos(), Name: fields.Field(i).Name()}
			lit.Elts[i] = &ast.KeyValueExpr{Key: key, Colon: value.Pos(), Value: value}
		}
	}
}

// inBody says whether a place is among the cell's statements.
func (s *syntax) inBody(pos token.Pos) bool {
	f := s.starts[1].file
	return token.Pos(f.Base()) <= pos && int(pos)-f.Base() <= f.Size()
}

// allowed says whether a complaint is no error in a notebook: an import that is not used, and a value at the cell's end.
func (c *checked) allowed(err types.Error) bool {
	if strings.HasSuffix(err.Msg, "imported and not used") || strings.Contains(err.Msg, " imported as ") && strings.HasSuffix(err.Msg, " and not used") {
		return true
	}
	if c.last == nil || err.Pos < c.last.Pos() || err.Pos > c.last.End() || !strings.HasSuffix(err.Msg, "is not used") ||
		!strings.HasPrefix(err.Msg, types.ExprString(ast.Unparen(c.last.X))) {
		return false
	}
	tv := c.info.Types[c.last.X]
	signature, _ := tv.Type.(*types.Signature)
	if tv.Type == nil || tv.Type == types.Typ[types.Invalid] { // what makes it so is an error already
		return true
	}
	return tv.IsValue() && !tv.IsNil() && (signature == nil || signature.TypeParams().Len() == 0)
}
