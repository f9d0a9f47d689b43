package query

import (
	"go/ast"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"paperlab/tracker"
)

// A function compiles its arguments, of which there are as many as its usage says: those in brackets may be left out.
type function struct {
	usage       string
	least, most int
	compile     func(c *compiler, args []ast.Expr) (node, error)
}

var functions map[string]function

func init() {
	functions = map[string]function{
		"last":  ofSeries("last", func(s tracker.Series) any { return s.Last.Value }),
		"min":   ofSeries("min", func(s tracker.Series) any { return s.Min }),
		"max":   ofSeries("max", func(s tracker.Series) any { return s.Max }),
		"count": ofSeries("count", func(s tracker.Series) any { return s.Count }),

		"first": {`first("eval/loss", ["rank=0"])`, 1, 2, first},
		"at":    {`at("eval/loss", 100, ["rank=0"])`, 2, 3, at},

		"has":        {`has(params.lr) or has("eval/loss", ["rank=0"])`, 1, 2, has},
		"isNaN":      {`isNaN(last("eval/loss"))`, 1, 1, isNaN},
		"contains":   {`contains(notes, "warm-up")`, 2, 2, onTexts(strings.Contains)},
		"startsWith": {`startsWith(name, "t5")`, 2, 2, onTexts(strings.HasPrefix)},
		"matches":    {`matches(name, "^t5-(small|base)$")`, 2, 2, matches},
		"ago":        {`ago("24h")`, 1, 1, ago},
	}
}

func (c *compiler) call(e *ast.CallExpr) (node, error) {
	name, ok := e.Fun.(*ast.Ident)
	if !ok {
		return node{}, c.fail(e.Fun, "", "this is no function")
	}
	f, ok := functions[name.Name]
	if !ok {
		advice := "there are " + strings.Join(slices.Sorted(maps.Keys(functions)), ", ")
		if near := nearest(name.Name, slices.Collect(maps.Keys(functions))); near != "" {
			advice = "did you mean " + near + "?"
		}
		return node{}, c.fail(name, advice, "there is no function %s", name.Name)
	}
	if len(e.Args) < f.least || len(e.Args) > f.most || e.Ellipsis.IsValid() {
		return node{}, c.fail(name, "write "+f.usage, "%s has %d arguments", name.Name, len(e.Args))
	}
	return f.compile(c, e.Args)
}

// key reads the name of a series: text in double quotes, and its context if there is one more argument.
func (c *compiler) key(args []ast.Expr) (key string, context tracker.Context, err error) {
	if key, err = c.words(args[0], `write last("eval/loss")`, "the key of a series"); err != nil {
		return "", "", err
	}
	if len(args) > 1 {
		if context, err = c.context(args[1]); err != nil {
			return "", "", err
		}
	}
	c.mention(SeriesText(key, context), func(row Row) bool { _, ok := row.find(key, context); return ok })
	return key, context, nil
}

func (c *compiler) context(arg ast.Expr) (tracker.Context, error) {
	written, err := c.words(arg, `write last("loss", "rank=0")`, "the context of a series")
	if err != nil {
		return "", err
	}
	values, err := url.ParseQuery(written)
	if err != nil {
		return "", c.fail(arg, `write "rank=0" or "dataset=cnn&rank=0"`, "%q is no context", written)
	}
	labels := map[string]string{}
	for label := range values {
		labels[label] = values.Get(label)
	}
	return tracker.NewContext(labels), nil
}

// words reads text that has to be written out.
func (c *compiler) words(e ast.Expr, advice, what string) (string, error) {
	if literal, ok := e.(*ast.BasicLit); ok {
		value, err := c.literal(literal)
		if err != nil {
			return "", err
		}
		if written, ok := value.literal.(string); ok {
			return written, nil
		}
	}
	return "", c.fail(e, advice, "%s stands in double quotes", what)
}

func onTexts(holds func(text, part string) bool) func(c *compiler, args []ast.Expr) (node, error) {
	return func(c *compiler, args []ast.Expr) (node, error) {
		var texts [2]node
		for i, arg := range args {
			var err error
			if texts[i], err = c.compile(arg); err != nil {
				return node{}, err
			}
			if err := c.want(arg, texts[i], text); err != nil {
				return node{}, err
			}
		}
		return node{kind: boolean, eval: func(row Row) (any, error) {
			a, b, err := both(row, texts[0], texts[1])
			whole, ok := a.(string)
			part, ok2 := b.(string)
			return ok && ok2 && holds(whole, part), err
		}}, nil
	}
}

func matches(c *compiler, args []ast.Expr) (node, error) {
	written, err := c.words(args[1], `write matches(name, "^t5")`, "the pattern")
	if err != nil {
		return node{}, err
	}
	pattern, err := regexp.Compile(written)
	if err != nil {
		return node{}, c.fail(args[1], "", "%v", err)
	}
	match := onTexts(func(text, _ string) bool { return pattern.MatchString(text) })
	return match(c, args)
}

func isNaN(c *compiler, args []ast.Expr) (node, error) {
	x, err := c.compile(args[0])
	if err != nil {
		return node{}, err
	}
	if err := c.want(args[0], x, number); err != nil {
		return node{}, err
	}
	return node{kind: boolean, eval: func(row Row) (any, error) {
		value, err := x.eval(row)
		f, ok := float(read(value, 0.0))
		return ok && f != f, err
	}}, nil
}

func ago(c *compiler, args []ast.Expr) (node, error) {
	written, err := c.words(args[0], `write ago("24h")`, "an age")
	if err != nil {
		return node{}, err
	}
	age, err := parseAge(written)
	if err != nil {
		return node{}, c.fail(args[0], "", "%v", err)
	}
	return node{kind: moment, eval: func(row Row) (any, error) { return row.now.Add(-age), nil }}, nil
}

// has asks for a series where its argument is text, else for a value.
func has(c *compiler, args []ast.Expr) (node, error) {
	literal, isLiteral := args[0].(*ast.BasicLit)
	if len(args) == 2 || isLiteral && literal.Value != "" && strings.ContainsAny(literal.Value[:1], "\"`") {
		key, context, err := c.key(args)
		return node{kind: boolean, eval: func(row Row) (any, error) {
			_, ok := row.find(key, context)
			return ok, nil
		}}, err
	}
	x, err := c.compile(args[0])
	return node{kind: boolean, eval: func(row Row) (any, error) {
		value, err := x.eval(row)
		// A field that every run has is empty where nobody filled it in.
		return value != nil && (x.kind != text || value != ""), err
	}}, err
}
