package runs

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

// Difference is how two runs differ in one part of where they came from.
type Difference struct {
	Part    string // source, params, env, changes or cells
	Unified string // as diff -u writes it
}

// Diff says where two runs differ in what made them: command, folder, commit and machine (source), parameters (params),
// versions (env), what differed from the commit (changes), and the cells of a notebook that were executed (cells). Parts
// that agree are left out. A run may be named in every way that [Find] knows.
func Diff(ctx context.Context, store tracker.Store, a, b string) ([]Difference, error) {
	var names [2]string
	var origins [2][]origin
	for i, what := range []string{a, b} {
		id, err := Find(ctx, store, what)
		if err != nil {
			return nil, err
		}
		run, err := store.Run(ctx, id)
		if err != nil {
			return nil, err
		}
		cells, err := store.Texts(ctx, id, cellKey)
		if err != nil {
			return nil, err
		}
		names[i], origins[i] = run.Name, originsOf(run, cells)
		if i == 1 && names[0] == names[1] {
			names = [2]string{a, b}
		}
	}
	var differences []Difference
	for i, old := range origins[0] {
		new := origins[1][i]
		if unified := udiff.Unified(names[0]+"/"+old.part, names[1]+"/"+new.part, old.text, new.text); unified != "" {
			differences = append(differences, Difference{old.part, unified})
		}
	}
	return differences, nil
}

// origin is a part of where a run came from, as lines of text.
type origin struct{ part, text string }

func originsOf(run *tracker.Run, cells []tracker.Text) []origin {
	source := map[string]any{
		"command": run.Source.Command, "dir": run.Source.Dir, "commit": run.Source.Commit,
		"host": run.Machine.Host, "cpu": run.Machine.CPU, "gpu": run.Machine.GPU,
	}
	maps.DeleteFunc(source, func(_ string, value any) bool { return value == "" })
	var executed strings.Builder
	for _, cell := range cells {
		fmt.Fprintf(&executed, "// In [%d]\n%s\n", cell.Step, strings.TrimRight(cell.Body, "\n"))
	}
	return []origin{
		{"source", listed(source)}, {"params", listed(run.Params)}, {"env", listed(run.Machine.Env)},
		{"changes", run.Source.Diff}, {"cells", executed.String()},
	}
}

// listed writes names and values, a line each.
func listed[V any](values map[string]V) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(&b, "%s = %s\n", name, strings.ReplaceAll(query.Text(values[name]), "\n", `\n`))
	}
	return b.String()
}
