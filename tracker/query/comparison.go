package query

import (
	"go/ast"
	"go/token"

	"paperlab/tracker"
)

// comparison compares what is of one kind. Text is read as a time or a duration when the expression is compiled, so that
// one that cannot be read is an error.
func (c *compiler) comparison(e *ast.BinaryExpr, x, y node) (node, error) {
	x, err := c.meant(e.X, x, y.kind)
	if err != nil {
		return node{}, err
	}
	if y, err = c.meant(e.Y, y, x.kind); err != nil {
		return node{}, err
	}
	if x.kind != y.kind && x.kind != anything && y.kind != anything {
		return node{}, newError(c.text, c.offset(e.OpPos), mismatch(x.kind, y.kind), "%s is compared with %s", x.kind, y.kind)
	}
	if x.kind == boolean && e.Op != token.EQL && e.Op != token.NEQ {
		return node{}, newError(c.text, c.offset(e.OpPos), "write == or !=", "true and false have no order")
	}
	if err := c.knownStatus(e); err != nil {
		return node{}, err
	}
	return node{kind: boolean, eval: func(row Row) (any, error) {
		a, b, err := both(row, x, y)
		return err == nil && holds(e.Op, a, b), err
	}}, nil
}

// meant reads a literal as the time or the duration that it is compared with.
func (c *compiler) meant(e ast.Expr, x node, other kind) (node, error) {
	written, ok := x.literal.(string)
	if !ok {
		return x, nil
	}
	var value any
	var err error
	switch other {
	case moment:
		value, err = parseTime(written)
	case duration:
		value, err = parseAge(written)
	default:
		return x, nil
	}
	if err != nil {
		return node{}, c.fail(e, "", "%v", err)
	}
	return constant(value, other), nil
}

func mismatch(a, b kind) string {
	switch {
	case a == duration || b == duration:
		return `a duration is written "90m" or "1d12h"`
	case a == moment || b == moment:
		return `a time is written "2026-03-14" or ago("24h")`
	case a == text || b == text:
		return "text stands in double quotes, a number does not"
	}
	return ""
}

// knownStatus refuses a comparison of the status with one that no run can have.
func (c *compiler) knownStatus(e *ast.BinaryExpr) error {
	for _, sides := range [][2]ast.Expr{{e.X, e.Y}, {e.Y, e.X}} {
		field, isName := sides[0].(*ast.Ident)
		value, isLiteral := sides[1].(*ast.BasicLit)
		if !isName || field.Name != "status" || !isLiteral {
			continue
		}
		written, err := c.literal(value)
		if err != nil {
			return err
		}
		name, _ := written.literal.(string)
		if _, err := tracker.ParseStatus(name); err != nil {
			return c.fail(value, "", "%v", err)
		}
	}
	return nil
}
