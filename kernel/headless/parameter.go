package headless

import (
	"encoding/json"
	"fmt"
	"go/token"
	"go/types"
	"math"
	"strconv"
	"strings"
	"time"
)

// Parameter is a variable or a constant that a notebook lets its caller set.
type Parameter struct {
	Name string
	Type string // as Go writes it: int, float64, string, bool, time.Duration, []string

	kind     types.Type // what is under the type
	constant bool       // declared by const
	untyped  bool       // a constant without a type
	fresh    bool       // the notebook does not declare it
}

// Literal returns a value as Go writes it, or a *ParameterError if the text is none of the parameter's type. A duration
// reads 1m30s; a list of texts reads a,b,c or, where texts have commas, ["a","b, c"].
func (p Parameter) Literal(text string) (string, error) {
	literal, err := literal(p.Type, p.kind, text)
	if err != nil {
		return "", &ParameterError{Name: p.Name, Reason: err.Error()}
	}
	return literal, nil
}

// assign returns the statement that sets the parameter.
func (p Parameter) assign(text string) (string, error) {
	value, err := p.Literal(text)
	switch {
	case err != nil:
		return "", err
	case p.fresh:
		return p.Name + " := " + value, nil
	case p.constant && p.untyped:
		return "const " + p.Name + " = " + value, nil
	case p.constant:
		return "const " + p.Name + " " + p.Type + " = " + value, nil
	}
	return p.Name + " = " + value, nil
}

func literal(name string, kind types.Type, text string) (string, error) {
	if name == "time.Duration" {
		return durationLiteral(text)
	}
	switch kind := kind.(type) {
	case *types.Basic:
		if kind.Info()&(types.IsString|types.IsBoolean|types.IsInteger|types.IsFloat) != 0 {
			return basicLiteral(name, kind, text)
		}
	case *types.Slice:
		if element, ok := kind.Elem().Underlying().(*types.Basic); ok && element.Kind() == types.String {
			return listLiteral(name, text)
		}
	}
	return "", fmt.Errorf("its type is %s, which cannot be set from outside: declare it as a number, string, bool, "+
		"time.Duration or []string", name)
}

func basicLiteral(name string, kind *types.Basic, text string) (string, error) {
	switch info := kind.Info(); {
	case info&types.IsString != 0:
		return strconv.Quote(text), nil
	case info&types.IsBoolean != 0:
		value, err := strconv.ParseBool(text)
		if err != nil {
			return "", fmt.Errorf("%q is not true or false", text)
		}
		return strconv.FormatBool(value), nil
	case info&types.IsUnsigned != 0:
		value, err := strconv.ParseUint(text, 0, bits(kind))
		if err != nil {
			return "", fmt.Errorf("%q is not a whole number of type %s", text, name)
		}
		return strconv.FormatUint(value, 10), nil
	case info&types.IsInteger != 0:
		value, err := strconv.ParseInt(text, 0, bits(kind))
		if err != nil {
			return "", fmt.Errorf("%q is not a whole number of type %s", text, name)
		}
		return strconv.FormatInt(value, 10), nil
	}
	value, err := strconv.ParseFloat(text, bits(kind))
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return "", fmt.Errorf("%q is not a finite number of type %s", text, name)
	}
	return floatLiteral(value, bits(kind)), nil
}

// bits is the size of a number.
func bits(kind *types.Basic) int {
	return int(8 * types.SizesFor("gc", "amd64").Sizeof(kind))
}

// floatLiteral is a float even where it declares what it is assigned to.
func floatLiteral(value float64, bits int) string {
	literal := strconv.FormatFloat(value, 'g', -1, bits)
	if !strings.ContainsAny(literal, ".e") {
		literal += ".0"
	}
	return literal
}

// durationLiteral is a number, since the notebook may not have imported package time yet.
func durationLiteral(text string) (string, error) {
	value, err := time.ParseDuration(text)
	if err != nil {
		return "", fmt.Errorf("%q is not a duration such as 1m30s", text)
	}
	return fmt.Sprintf("%d // %v", value.Nanoseconds(), value), nil
}

func listLiteral(name, text string) (string, error) {
	var list []string
	switch {
	case strings.HasPrefix(strings.TrimSpace(text), "["):
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			return "", fmt.Errorf("%q is not a JSON list of texts: %w", text, err)
		}
	case text != "":
		list = strings.Split(text, ",")
	}
	for i := range list {
		list[i] = strconv.Quote(list[i])
	}
	return name + "{" + strings.Join(list, ", ") + "}", nil
}

// guess returns a parameter that no cell declares, of the type that its value looks like.
func guess(name, value string) (Parameter, error) {
	if !token.IsIdentifier(name) {
		return Parameter{}, &ParameterError{Name: strconv.Quote(name), Reason: "a name in Go is made of letters, digits and _, and does not begin with a digit"}
	}
	p := Parameter{Name: name, fresh: true}
	for _, kind := range []types.BasicKind{types.Int, types.Float64, types.Bool, types.String} {
		basic := types.Typ[kind]
		p.Type, p.kind = basic.Name(), basic
		if kind == types.Bool && value != "true" && value != "false" {
			continue
		}
		if _, err := p.Literal(value); err == nil {
			break
		}
	}
	return p, nil
}
