package query

import (
	"go/ast"
	"maps"
	"slices"
	"time"

	"paperlab/tracker"
)

// field is what is known of every run.
type field struct {
	kind kind
	get  func(Row) any
}

func textField(get func(*tracker.Run) string) field {
	return field{text, func(r Row) any { return get(r.Run) }}
}

// timeField is missing where it is zero.
func timeField(get func(*tracker.Run) time.Time) field {
	return field{moment, func(r Row) any {
		if t := get(r.Run); !t.IsZero() {
			return t
		}
		return nil
	}}
}

var fields = map[string]field{
	"id":        textField(func(r *tracker.Run) string { return r.ID }),
	"name":      textField(func(r *tracker.Run) string { return r.Name }),
	"project":   textField(func(r *tracker.Run) string { return r.Project }),
	"group":     textField(func(r *tracker.Run) string { return r.Group }),
	"parent":    textField(func(r *tracker.Run) string { return r.Parent }),
	"status":    textField(func(r *tracker.Run) string { return string(r.Status) }),
	"notes":     textField(func(r *tracker.Run) string { return r.Notes }),
	"command":   textField(func(r *tracker.Run) string { return r.Source.Command }),
	"dir":       textField(func(r *tracker.Run) string { return r.Source.Dir }),
	"commit":    textField(func(r *tracker.Run) string { return r.Source.Commit }),
	"host":      textField(func(r *tracker.Run) string { return r.Machine.Host }),
	"cpu":       textField(func(r *tracker.Run) string { return r.Machine.CPU }),
	"gpu":       textField(func(r *tracker.Run) string { return r.Machine.GPU }),
	"started":   timeField(func(r *tracker.Run) time.Time { return r.Started }),
	"ended":     timeField(func(r *tracker.Run) time.Time { return r.Ended }),
	"deleted":   timeField(func(r *tracker.Run) time.Time { return r.Deleted }),
	"heartbeat": timeField(func(r *tracker.Run) time.Time { return r.Heartbeat }),
	"session":   {number, func(r Row) any { return r.Run.Session }},
	"duration":  {duration, func(r Row) any { return r.duration() }},
}

// name compiles a word that stands alone.
func (c *compiler) name(e *ast.Ident) (node, error) {
	switch e.Name {
	case "true", "false":
		return constant(e.Name == "true", boolean), nil
	case "nil", "null", "None":
		return node{}, c.fail(e, "has(params.lr) asks whether there is one", "what is missing cannot be compared")
	}
	if f, ok := fields[e.Name]; ok {
		return node{kind: f.kind, eval: func(row Row) (any, error) { return f.get(row), nil }}, nil
	}
	if m, ok := mappings[e.Name]; ok {
		return node{}, c.fail(e, "write "+m.example, "%s needs a key", e.Name)
	}
	names := slices.Concat(slices.Collect(maps.Keys(fields)), slices.Collect(maps.Keys(mappings)))
	return node{}, c.fail(e, unknownField(e.Name, names), "there is no field %s", e.Name)
}

func unknownField(word string, names []string) string {
	if near := nearest(word, names); near != "" {
		return "did you mean " + near + "?"
	}
	return `a parameter is params.` + word + `, a series last("` + word + `"); a key with other characters than letters stands in quotes, as in params["batch-size"]`
}
