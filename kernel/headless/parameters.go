package headless

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"

	"paperlab/kernel/nbformat"
)

// The tags of papermill's convention.
const (
	tagParameters = "parameters"
	tagInjected   = "injected-parameters"
)

// Parameters returns what the notebook's first cell tagged "parameters" declares at its top level, in that order; nothing
// without such a cell. The error says why the cell cannot be read.
func Parameters(nb *nbformat.Notebook) ([]Parameter, error) {
	i := tagged(nb, tagParameters)
	if i < 0 {
		return nil, nil
	}
	parameters, err := declared(nb.Cells[i].Source)
	if err != nil {
		return nil, fmt.Errorf("cell %d, tagged %s: %w", i+1, tagParameters, err)
	}
	return parameters, nil
}

// Inject adds a cell tagged "injected-parameters" that sets parameters, behind the cell tagged "parameters", or in the
// place of the one that an earlier Inject added. Each setting reads name=value; of several for one name the last counts.
// Values are read by the types that the cell of parameters declares, see [Parameter.Literal]. In a notebook without that
// cell the new one comes first and declares the names itself: integers, floats, true and false are read as such,
// all else as text. Without settings the notebook stays as it is.
//
// The error is a *ParameterError if a name is none of the notebook's or a value does not fit.
func Inject(nb *nbformat.Notebook, settings []string, random *rand.Rand) error {
	if len(settings) == 0 {
		return nil
	}
	parameters, err := Parameters(nb)
	if err != nil {
		return err
	}
	free := tagged(nb, tagParameters) < 0
	lines, err := assignments(settings, parameters, free)
	if err != nil {
		return err
	}
	nb.Upgrade(random)
	cell := nbformat.Cell{
		ID: newID(nb, random), Type: nbformat.Code, Source: "// Parameters\n" + strings.Join(lines, "\n"),
		Metadata: map[string]any{"tags": []any{tagInjected}},
	}
	switch i := tagged(nb, tagInjected); {
	case i >= 0:
		cell.ID = nb.Cells[i].ID
		nb.Cells[i] = cell
	default:
		nb.Cells = slices.Insert(nb.Cells, tagged(nb, tagParameters)+1, cell)
	}
	return nil
}

// tagged returns the place of the first code cell with a tag, or -1.
func tagged(nb *nbformat.Notebook, tag string) int {
	return slices.IndexFunc(nb.Cells, func(cell nbformat.Cell) bool { return cell.Type == nbformat.Code && hasTag(&cell, tag) })
}

// newID returns an ID that no cell has.
func newID(nb *nbformat.Notebook, random *rand.Rand) string {
	for {
		id := nbformat.NewID(random)
		if !slices.ContainsFunc(nb.Cells, func(cell nbformat.Cell) bool { return cell.ID == id }) {
			return id
		}
	}
}

// assignments turns settings into Go, a line each, in the order of the names' first mention.
func assignments(settings []string, parameters []Parameter, free bool) ([]string, error) {
	var names []string
	values := map[string]string{}
	for _, setting := range settings {
		name, value, ok := strings.Cut(setting, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, &ParameterError{Name: strconv.Quote(setting), Reason: "want name=value"}
		}
		if _, seen := values[name]; !seen {
			names = append(names, name)
		}
		values[name] = value
	}
	lines := make([]string, len(names))
	for i, name := range names {
		p, err := lookUp(name, values[name], parameters, free)
		if err != nil {
			return nil, err
		}
		if lines[i], err = p.assign(values[name]); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// lookUp returns the parameter with a name; if names are free, one of the type that the value looks like.
func lookUp(name, value string, parameters []Parameter, free bool) (Parameter, error) {
	if free {
		return guess(name, value)
	}
	for _, p := range parameters {
		if p.Name == name {
			return p, nil
		}
	}
	return Parameter{}, &ParameterError{Name: name, Reason: "the notebook has none of that name", Parameters: parameters}
}

// ParameterError says why a parameter cannot be set. It is the caller's misuse.
type ParameterError struct {
	Name       string
	Reason     string
	Parameters []Parameter // that the notebook has, if it has none of the name
}

// Error names the parameter, and lists the notebook's with their types if that is none of them.
func (e *ParameterError) Error() string {
	text := fmt.Sprintf("parameter %s: %s", e.Name, e.Reason)
	for i, p := range e.Parameters {
		separator := ", "
		if i == 0 {
			separator = "; it has "
		}
		text += separator + p.Name + " " + p.Type
	}
	return text
}

// Usage says that the caller is to be told how to call.
func (e *ParameterError) Usage() bool { return true }

// Hint names the parameter that was probably meant.
func (e *ParameterError) Hint() string {
	best, distance := "", 3
	for _, p := range e.Parameters {
		if d := levenshtein.ComputeDistance(e.Name, p.Name); d < min(distance, len(p.Name)) {
			best, distance = p.Name, d
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean " + best + "?"
}
