package query

import (
	"cmp"
	"go/ast"
	"slices"

	"paperlab/tracker"
)

// ofSeries is a function of a series' summary.
func ofSeries(name string, value func(tracker.Series) any) function {
	return function{name + `("eval/loss", ["rank=0"])`, 1, 2, func(c *compiler, args []ast.Expr) (node, error) {
		key, context, err := c.key(args)
		return node{kind: number, eval: func(row Row) (any, error) {
			if series, ok := row.find(key, context); ok {
				return value(series), nil
			}
			return nil, nil
		}}, err
	}}
}

// first is the value at the lowest step.
func first(c *compiler, args []ast.Expr) (node, error) {
	key, context, err := c.key(args)
	return onCurve(key, context, func(curve []tracker.Point) any { return curve[0].Value }), err
}

// at is the value at one step, missing if none was logged there.
func at(c *compiler, args []ast.Expr) (node, error) {
	key, context, err := c.key(slices.Delete(slices.Clone(args), 1, 2))
	if err != nil {
		return node{}, err
	}
	written, err := c.compile(args[1])
	if err != nil {
		return node{}, err
	}
	step, ok := written.literal.(int64)
	if !ok {
		return node{}, c.fail(args[1], `write at("eval/loss", 100)`, "a step is a whole number")
	}
	return onCurve(key, context, func(curve []tracker.Point) any {
		i, ok := slices.BinarySearchFunc(curve, step, func(p tracker.Point, step int64) int { return cmp.Compare(p.Step, step) })
		if !ok {
			return nil
		}
		return curve[i].Value
	}), nil
}

// onCurve reads the points of a series, if the run has it.
func onCurve(key string, context tracker.Context, value func(curve []tracker.Point) any) node {
	return node{kind: number, eval: func(row Row) (any, error) {
		if _, ok := row.find(key, context); !ok {
			return nil, nil
		}
		curve, err := row.points(key, context)
		if err != nil || len(curve) == 0 {
			return nil, err
		}
		return value(curve), nil
	}}
}
