package query

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// node is a compiled expression.
type node struct {
	kind    kind
	literal any // its value where that is written in the text
	eval    func(Row) (any, error)
}

func constant(value any, kind kind) node {
	return node{kind, value, func(Row) (any, error) { return value, nil }}
}

// compiler turns the syntax of Go into nodes, and refuses what the language does not have.
type compiler struct {
	text  string
	base  int // byte of the text at which the expression begins
	files *token.FileSet
	depth int
	named []mention
}

func (c *compiler) compile(e ast.Expr) (node, error) {
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > maxDepth {
		return node{}, c.fail(e, "", "this is nested more than %d deep", maxDepth)
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.compile(e.X)
	case *ast.BasicLit:
		return c.literal(e)
	case *ast.Ident:
		return c.name(e)
	case *ast.SelectorExpr, *ast.IndexExpr:
		return c.path(e)
	case *ast.CallExpr:
		return c.call(e)
	case *ast.UnaryExpr:
		return c.unary(e)
	case *ast.BinaryExpr:
		return c.binary(e)
	}
	return node{}, c.fail(e, "", "this is Go, but not of this language")
}

func (c *compiler) literal(e *ast.BasicLit) (node, error) {
	switch e.Kind {
	case token.STRING:
		if value, err := strconv.Unquote(e.Value); err == nil {
			return constant(value, text), nil
		}
	case token.INT:
		if value, err := strconv.ParseInt(e.Value, 0, 64); err == nil {
			return constant(value, number), nil
		}
	case token.FLOAT:
		if value, err := strconv.ParseFloat(strings.ReplaceAll(e.Value, "_", ""), 64); err == nil {
			return constant(value, number), nil
		}
	case token.CHAR:
		return node{}, c.fail(e, `write "a", not 'a'`, "text stands in double quotes")
	}
	return node{}, c.fail(e, "", "%s is no number of 64 bits", e.Value)
}

func (c *compiler) unary(e *ast.UnaryExpr) (node, error) {
	x, err := c.compile(e.X)
	if err != nil {
		return node{}, err
	}
	switch e.Op {
	case token.NOT:
		if err := c.want(e.X, x, boolean); err != nil {
			return node{}, err
		}
		return node{kind: boolean, eval: func(row Row) (any, error) {
			value, err := x.eval(row)
			return !truth(value), err
		}}, nil
	case token.SUB:
		if err := c.want(e.X, x, number); err != nil {
			return node{}, err
		}
		return negative(x), nil
	}
	return node{}, c.fail(e, "", "there is no operator %s before a value", e.Op)
}

// negative keeps a literal one.
func negative(x node) node {
	turn := func(value any) any {
		switch v := value.(type) {
		case int64:
			return -v
		case float64:
			return -v
		}
		return nil
	}
	return node{number, turn(x.literal), func(row Row) (any, error) {
		value, err := x.eval(row)
		return turn(value), err
	}}
}

func (c *compiler) binary(e *ast.BinaryExpr) (node, error) {
	x, err := c.compile(e.X)
	if err != nil {
		return node{}, err
	}
	y, err := c.compile(e.Y)
	if err != nil {
		return node{}, err
	}
	switch e.Op {
	case token.LAND, token.LOR:
		return c.junction(e, x, y)
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return c.comparison(e, x, y)
	case token.ADD, token.SUB, token.MUL, token.QUO:
		return c.arithmetic(e, x, y)
	}
	advice := map[token.Token]string{token.AND: "write &&", token.OR: "write ||"}[e.Op]
	return node{}, newError(c.text, c.offset(e.OpPos), advice, "there is no operator %s", e.Op)
}

// junction reads what stands behind && and || only if it matters.
func (c *compiler) junction(e *ast.BinaryExpr, x, y node) (node, error) {
	if err := c.want(e.X, x, boolean); err != nil {
		return node{}, err
	}
	if err := c.want(e.Y, y, boolean); err != nil {
		return node{}, err
	}
	decided := e.Op == token.LOR
	return node{kind: boolean, eval: func(row Row) (any, error) {
		value, err := x.eval(row)
		if err != nil || truth(value) == decided {
			return decided, err
		}
		value, err = y.eval(row)
		return truth(value), err
	}}, nil
}

func (c *compiler) arithmetic(e *ast.BinaryExpr, x, y node) (node, error) {
	if err := c.want(e.X, x, number); err != nil {
		return node{}, err
	}
	if err := c.want(e.Y, y, number); err != nil {
		return node{}, err
	}
	apply := map[token.Token]func(a, b float64) float64{
		token.ADD: func(a, b float64) float64 { return a + b },
		token.SUB: func(a, b float64) float64 { return a - b },
		token.MUL: func(a, b float64) float64 { return a * b },
		token.QUO: func(a, b float64) float64 { return a / b },
	}[e.Op]
	return node{kind: number, eval: func(row Row) (any, error) {
		a, b, err := both(row, x, y)
		if err != nil {
			return nil, err
		}
		first, ok := float(read(a, 0.0))
		second, ok2 := float(read(b, 0.0))
		if !ok || !ok2 {
			return nil, nil
		}
		return apply(first, second), nil
	}}, nil
}

func both(row Row, x, y node) (a, b any, err error) {
	if a, err = x.eval(row); err != nil {
		return nil, nil, err
	}
	b, err = y.eval(row)
	return a, b, err
}

// want refuses a value that is known to be of another kind.
func (c *compiler) want(e ast.Expr, x node, kind kind) error {
	if x.kind == kind || x.kind == anything {
		return nil
	}
	advice := ""
	if kind == boolean {
		advice = "compare it with something"
	}
	return c.fail(e, advice, "this is %s, and should be %s", x.kind, kind)
}
