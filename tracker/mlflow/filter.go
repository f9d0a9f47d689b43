package mlflow

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// What a clause of a filter, or an order, is about.
const (
	ofMetric    = "metric"
	ofParam     = "parameter"
	ofTag       = "tag"
	ofAttribute = "attribute"
	ofDataset   = "dataset"
)

var entities = map[string]string{
	"metric": ofMetric, "metrics": ofMetric,
	"parameter": ofParam, "parameters": ofParam, "param": ofParam, "params": ofParam,
	"tag": ofTag, "tags": ofTag,
	"attribute": ofAttribute, "attributes": ofAttribute, "attr": ofAttribute, "run": ofAttribute,
	"dataset": ofDataset, "datasets": ofDataset,
}

// field names something of a run or an experiment.
type field struct{ entity, key string }

// schema says which attributes there are, and which of them are numbers.
type schema struct{ texts, numbers []string }

var (
	runSchema = schema{
		texts:   []string{"run_id", "run_name", "status", "user_id", "artifact_uri", "lifecycle_stage"},
		numbers: []string{"start_time", "end_time"},
	}
	experimentSchema = schema{
		texts:   []string{"name", "experiment_id"},
		numbers: []string{"creation_time", "last_update_time"},
	}
)

// field reads an identifier, such as metrics.loss, attributes.status, status or params.`a b`.
func (s schema) field(identifier string) (field, error) {
	name, key, ok := strings.Cut(identifier, ".")
	if !ok {
		name, key = ofAttribute, identifier
	}
	entity, known := entities[unquote(name)]
	if !known {
		return field{}, invalid("Invalid entity type '%s'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']", name)
	}
	f := field{entity, unquote(key)}
	if f.entity != ofAttribute {
		return f, nil
	}
	switch f.key {
	case "created", "Created":
		f.key = "start_time"
	case "run name", "Run name", "Run Name":
		f.key = "run_name"
	}
	if !slices.Contains(s.texts, f.key) && !slices.Contains(s.numbers, f.key) {
		return f, invalid("Invalid attribute key '%s' specified. Valid keys are %q", f.key, slices.Concat(s.texts, s.numbers))
	}
	return f, nil
}

// isNumber reports whether the field is compared as a number.
func (s schema) isNumber(f field) bool {
	return f.entity == ofMetric || f.entity == ofAttribute && slices.Contains(s.numbers, f.key)
}

// clause is one comparison; a filter is all of them together.
type clause struct {
	field
	operator string // upper case
	text     string
	number   float64
	list     []string
	like     *regexp.Regexp
}

// values looks up a field: a float64, a string, or several strings of which one must match; nil if there is none.
type values func(field) any

func matches(clauses []clause, of values) bool {
	for _, c := range clauses {
		if !c.matches(of(c.field)) {
			return false
		}
	}
	return true
}

func (c clause) matches(value any) bool {
	switch c.operator {
	case "IS NULL":
		return value == nil
	case "IS NOT NULL":
		return value != nil
	}
	switch v := value.(type) {
	case float64:
		return compare(c.operator, v, c.number)
	case string:
		return c.matchesText(v)
	case []string:
		return slices.ContainsFunc(v, c.matchesText)
	}
	return false
}

func (c clause) matchesText(v string) bool {
	switch c.operator {
	case "LIKE", "ILIKE":
		return c.like.MatchString(v)
	case "IN":
		return slices.Contains(c.list, v)
	case "NOT IN":
		return !slices.Contains(c.list, v)
	}
	return compare(c.operator, v, c.text)
}

func compare[T cmp.Ordered](operator string, a, b T) bool {
	switch operator {
	case "=":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

// likePattern turns a pattern with % and _ into a regular expression.
func likePattern(pattern string, foldCase bool) *regexp.Regexp {
	var text strings.Builder
	text.WriteString("(?s)^")
	if foldCase {
		text.WriteString("(?i)")
	}
	for _, r := range pattern {
		switch r {
		case '%':
			text.WriteString(".*")
		case '_':
			text.WriteString(".")
		default:
			text.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return regexp.MustCompile(text.String() + "$")
}

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

func isOperator(token string) bool { return strings.ContainsAny(token[:1], "=!<>(),") }

func isQuoted(token string) bool {
	return len(token) >= 2 && strings.ContainsAny(token[:1], `'"`) && token[len(token)-1] == token[0]
}

// unquote takes the quotes off a name or value that has some.
func unquote(token string) string {
	if len(token) < 2 || !strings.ContainsAny(token[:1], "'\"`") || token[len(token)-1] != token[0] {
		return token
	}
	quote := token[:1]
	return strings.ReplaceAll(token[1:len(token)-1], quote+quote, quote)
}

// scan takes a filter apart: words and quoted names, which may be joined by points, values, operators, punctuation.
func scan(text string) (tokens []string, err error) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		var n int
		switch {
		case strings.HasPrefix(text, "<=") || strings.HasPrefix(text, ">=") || strings.HasPrefix(text, "!="):
			n = 2
		case strings.ContainsRune("=<>(),", rune(text[0])):
			n = 1
		default:
			if n, err = scanWord(text); err != nil {
				return nil, err
			}
		}
		tokens = append(tokens, text[:n])
		text = text[n:]
	}
	return tokens, nil
}

func scanWord(text string) (int, error) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case strings.ContainsRune("'\"`", rune(c)):
			end, err := endOfQuote(text, i)
			if err != nil {
				return 0, err
			}
			// A name may go on behind a point; a value ends here.
			if i = end; !strings.HasPrefix(text[i+1:], ".") {
				return i + 1, nil
			}
		case unicode.IsSpace(rune(c)) || strings.ContainsRune("=!<>(),", rune(c)):
			if i == 0 {
				return 0, invalid("Invalid clause(s) in filter string: '%.20s'", text)
			}
			return i, nil
		}
	}
	return len(text), nil
}

// endOfQuote finds the quote that closes the one at begin; a doubled one does not.
func endOfQuote(text string, begin int) (int, error) {
	for i := begin + 1; i < len(text); i++ {
		if text[i] != text[begin] {
			continue
		}
		if i+1 == len(text) || text[i+1] != text[begin] {
			return i, nil
		}
		i++
	}
	return 0, invalid("Invalid filter: the quote is not closed in %s", fmt.Sprintf("%.40s", text[begin:]))
}
