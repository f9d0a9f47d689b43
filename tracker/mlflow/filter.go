package mlflow

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
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
