package headless_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

func TestCheckSaysWhichOutputsAreStale(t *testing.T) {
	count := func(n int) *int { return &n }
	for name, c := range map[string]struct {
		change func(nb *nbformat.Notebook)
		want   string
	}{
		"none behind a run":           {func(*nbformat.Notebook) {}, ""},
		"none if only text changes":   {func(nb *nbformat.Notebook) { nb.Cells[1].Source = "# Another" }, ""},
		"a changed cell and the rest": {func(nb *nbformat.Notebook) { nb.Cells[0].Source += " " }, "1 changed, 3 outdated, 4 outdated"},
		"the last cell changed":       {func(nb *nbformat.Notebook) { nb.Cells[3].Source = "out z" }, "4 changed"},
		"a cell taken out":            {func(nb *nbformat.Notebook) { nb.Cells = nb.Cells[1:] }, "2 outdated, 3 outdated"},
		"two cells swapped": {func(nb *nbformat.Notebook) { nb.Cells[2], nb.Cells[3] = nb.Cells[3], nb.Cells[2] },
			"3 outdated, 4 outdated"},
		"a new cell": {func(nb *nbformat.Notebook) {
			nb.Cells = slices.Insert(nb.Cells, 2, nbformat.Cell{ID: "new", Type: nbformat.Code, Source: "out n"})
		}, "3 not run, 4 outdated, 5 outdated"},
		"a cell run again by hand":      {func(nb *nbformat.Notebook) { nb.Cells[2].ExecutionCount = count(9) }, "4 out of order"},
		"outputs cleared":               {func(nb *nbformat.Notebook) { nb.Cells[2].ExecutionCount = nil }, "3 not run"},
		"what something else has run":   {func(nb *nbformat.Notebook) { delete(nb.Cells[0].Metadata, "paperlab") }, "1 unknown"},
		"notes that are not ours":       {func(nb *nbformat.Notebook) { nb.Cells[0].Metadata["paperlab"] = "x" }, "1 unknown"},
		"a cell that failed":            {func(nb *nbformat.Notebook) { nb.Cells[3].Outputs = []nbformat.Output{{Type: nbformat.Error}} }, "4 failed"},
		"blank cells are not looked at": {func(nb *nbformat.Notebook) { nb.Cells[3].Source = " " }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			nb := notebook("out a", "", "out b", "out c")
			nb.Cells[1] = nbformat.Cell{ID: "text", Type: nbformat.Markdown, Source: "# Title"}
			path := filepath.Join(t.TempDir(), "nb.ipynb")
			if err := headless.Run(t.Context(), nb, path, &script{}, options()); err != nil {
				t.Fatal(err)
			}
			nb, err := nbformat.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			c.change(nb)
			var got []string
			for _, s := range headless.Check(nb) {
				got = append(got, fmt.Sprintf("%d %s", s.Cell, s.State))
			}
			if got := strings.Join(got, ", "); got != c.want {
				t.Errorf("stale: %s; want %s", got, c.want)
			}
		})
	}
}

func TestAFailureThatIsMeantIsNotStale(t *testing.T) {
	nb := notebook("#tag raises-exception\nfail x")
	if err := headless.Run(t.Context(), nb, filepath.Join(t.TempDir(), "nb.ipynb"), &script{}, options()); err != nil {
		t.Fatal(err)
	}
	if stale := headless.Check(nb); len(stale) > 0 {
		t.Errorf("stale: %+v", stale)
	}
}
