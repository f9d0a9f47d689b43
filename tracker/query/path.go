package query

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"paperlab/tracker"
)

// mapping is what a run has by keys.
type mapping struct {
	example string
	get     func(r Row, path []string) any
}

var mappings = map[string]mapping{
	"params":  {"params.lr", func(r Row, path []string) any { return dig(map[string]any(r.Run.Params), path) }},
	"tags":    {"tags.best", func(r Row, path []string) any { return lookUp(r.Run.Tags, path) }},
	"env":     {`env["go"]`, func(r Row, path []string) any { return lookUp(r.Run.Machine.Env, path) }},
	"metrics": {`metrics["eval/loss"]`, func(r Row, path []string) any { return r.last(strings.Join(path, "."), "") }},
}

// path compiles params.lr, params["batch size"], params.optimizer.lr and the like.
func (c *compiler) path(e ast.Expr) (node, error) {
	root, path, err := c.steps(e)
	if err != nil {
		return node{}, err
	}
	m, ok := mappings[root.Name]
	if !ok {
		if _, isField := fields[root.Name]; isField {
			return node{}, c.fail(root, "", "%s has no parts: params, tags, env and metrics have", root.Name)
		}
		advice := ""
		if near := nearest(root.Name, slices.Collect(maps.Keys(mappings))); near != "" {
			advice = "did you mean " + near + "?"
		}
		return node{}, c.fail(root, advice, "there is no %s, of which this could be a part: params, tags, env and metrics have parts", root.Name)
	}
	name := Key(root.Name, strings.Join(path, "."))
	if root.Name == "metrics" {
		name = SeriesText(strings.Join(path, "."), "")
	}
	c.mention(name, func(row Row) bool { return m.get(row, path) != nil })
	return node{kind: kindOf(root.Name), eval: func(row Row) (any, error) { return m.get(row, path), nil }}, nil
}

func kindOf(mapping string) kind {
	if mapping == "metrics" {
		return number
	}
	return anything
}

// steps takes a path apart into the name that it begins with and the keys behind it.
func (c *compiler) steps(e ast.Expr) (root *ast.Ident, path []string, err error) {
	for {
		switch at := e.(type) {
		case *ast.Ident:
			slices.Reverse(path)
			return at, path, nil
		case *ast.SelectorExpr:
			path, e = append(path, at.Sel.Name), at.X
		case *ast.IndexExpr:
			key, ok := at.Index.(*ast.BasicLit)
			if !ok || key.Kind != token.STRING && key.Kind != token.INT {
				return nil, nil, c.fail(at.Index, `write params["batch size"]`, "a key is text in double quotes, or a whole number for the place in a list")
			}
			step := key.Value
			if key.Kind == token.STRING {
				if step, err = strconv.Unquote(key.Value); err != nil {
					return nil, nil, c.fail(key, "", "%s is no text: %v", key.Value, err)
				}
			}
			path, e = append(path, step), at.X
		default:
			return nil, nil, c.fail(e, "", "this has no parts: params, tags, env and metrics have")
		}
	}
}

// dig follows a path through objects and lists. Keys may hold dots themselves: the longest key that is there counts.
func dig(value any, path []string) any {
	if len(path) == 0 {
		return value
	}
	switch v := value.(type) {
	case map[string]any:
		for n := len(path); n > 0; n-- {
			if part, ok := v[strings.Join(path[:n], ".")]; ok {
				return dig(part, path[n:])
			}
		}
	case []any:
		if i, err := strconv.Atoi(path[0]); err == nil && i >= 0 && i < len(v) {
			return dig(v[i], path[1:])
		}
	}
	return nil
}

func lookUp(values map[string]string, path []string) any {
	if value, ok := values[strings.Join(path, ".")]; ok {
		return value
	}
	return nil
}

// last returns the last value of a series, nil if the run has none.
func (r Row) last(key string, context tracker.Context) any {
	if series, ok := r.find(key, context); ok {
		return series.Last.Value
	}
	return nil
}
