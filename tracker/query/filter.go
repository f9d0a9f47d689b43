package query

import "strings"

// Filter is a condition on runs. It may be shared between goroutines.
type Filter struct {
	condition node
	named     []mention
}

// Parse reads a condition. Nothing is the condition that all runs fulfil. What is wrong with a text comes back as an
// [*Error].
func Parse(text string) (*Filter, error) {
	if strings.TrimSpace(text) == "" {
		return &Filter{condition: constant(true, boolean)}, nil
	}
	c := compiler{text: text}
	condition, err := c.parse(0, len(text))
	if err != nil {
		return nil, err
	}
	if condition.kind != boolean && condition.kind != anything {
		return nil, newError(text, leading(text), `compare it, as in min("eval/loss") < 2.5`,
			"this is %s, and a filter has to be true or false", condition.kind)
	}
	return &Filter{condition, c.named}, nil
}

// Match reports whether a run fulfils the condition. It fails only if points cannot be read.
func (f *Filter) Match(row Row) (bool, error) {
	value, err := f.condition.eval(row)
	return truth(value), err
}

func leading(text string) int { return len(text) - len(strings.TrimLeft(text, " \t\r\n")) }
