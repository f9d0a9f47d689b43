package mlflow

import (
	"slices"
	"strconv"
	"strings"
)

// parse reads a filter in the grammar of MLflow's search: comparisons joined by AND.
func (s schema) parse(filter string) ([]clause, error) {
	tokens, err := scan(filter)
	if err != nil || len(tokens) == 0 {
		return nil, err
	}
	p := &parser{schema: s, tokens: tokens}
	var clauses []clause
	for {
		c, err := p.clause()
		if err != nil {
			return nil, err
		}
		clauses = append(clauses, c)
		if len(p.tokens) == 0 {
			return clauses, nil
		}
		if !p.word("AND") {
			return nil, invalid("Invalid clause(s) in filter string: '%s'. Only AND joins comparisons", p.tokens[0])
		}
	}
}

type parser struct {
	schema
	tokens []string
}

func (p *parser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	token := p.tokens[0]
	p.tokens = p.tokens[1:]
	return token
}

// word takes the next token if it is this word, in any case.
func (p *parser) word(word string) bool {
	if len(p.tokens) == 0 || !strings.EqualFold(p.tokens[0], word) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *parser) clause() (c clause, err error) {
	identifier := p.next()
	if identifier == "" || isOperator(identifier) || identifier[0] == '\'' {
		return c, invalid("Invalid comparison clause. Expected 'Identifier' found '%s'", identifier)
	}
	if c.field, err = p.field(identifier); err != nil {
		return c, err
	}
	c.operator = strings.ToUpper(p.next())
	switch c.operator {
	case "NOT":
		c.operator = "NOT " + strings.ToUpper(p.next())
	case "IS":
		if c.operator = "IS NULL"; p.word("NOT") {
			c.operator = "IS NOT NULL"
		}
		if !p.word("NULL") {
			return c, invalid("Invalid comparison clause: after IS want NULL or NOT NULL")
		}
	}
	if !slices.Contains(p.operators(c.field), c.operator) {
		return c, invalid("Invalid comparator '%s' not one of %q", c.operator, p.operators(c.field))
	}
	return c, p.value(&c)
}

// operators lists those that a field may be compared with.
func (s schema) operators(f field) []string {
	switch {
	case s.isNumber(f):
		return []string{">", ">=", "!=", "=", "<", "<="}
	case f.entity == ofParam, f.entity == ofTag:
		return []string{"!=", "=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"}
	}
	return []string{"!=", "=", "LIKE", "ILIKE", "IN", "NOT IN"}
}

// value reads what the field is compared with.
func (p *parser) value(c *clause) (err error) {
	switch c.operator {
	case "IS NULL", "IS NOT NULL":
		return nil
	case "IN", "NOT IN":
		return p.listOf(c)
	}
	token := p.next()
	if p.isNumber(c.field) {
		if c.number, err = strconv.ParseFloat(token, 64); err != nil {
			return invalid("Expected numeric value type for %s: %s. Found %s", c.entity, c.key, token)
		}
		return nil
	}
	if !isQuoted(token) {
		return invalid("Expected a quoted string value for %s (e.g. 'my-value'). Got value %s", c.entity, token)
	}
	c.text = unquote(token)
	if c.operator == "LIKE" || c.operator == "ILIKE" {
		c.like = likePattern(c.text, c.operator == "ILIKE")
	}
	return nil
}

func (p *parser) listOf(c *clause) error {
	if !p.word("(") {
		return invalid("Expected a list of quoted values in parentheses after %s", c.operator)
	}
	for {
		token := p.next()
		if !isQuoted(token) {
			return invalid("While parsing a list in the query, expected string value, punctuation, or whitespace, but got %s", token)
		}
		c.list = append(c.list, unquote(token))
		if p.word(")") {
			return nil
		}
		if !p.word(",") {
			return invalid("Expected a comma or the end of the list after %s", token)
		}
	}
}
