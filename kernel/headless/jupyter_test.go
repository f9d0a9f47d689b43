package headless_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"paperlab/kernel/headless"
)

// readers are Jupyter's and papermill's own, which have to find the notebook in argv[1] valid, and write it as it is.
const readers = `
import sys, nbformat
from papermill.iorw import load_notebook_node
path = sys.argv[1]
text = open(path, encoding="utf-8").read()
nb = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
nbformat.validate(nb, relax_add_props=False)
assert (nb.nbformat, nb.nbformat_minor) == (4, 5), (nb.nbformat, nb.nbformat_minor)
assert nbformat.writes(nb) + "\n" == text, "it would be written otherwise"
tags = [cell.metadata.get("tags", []) for cell in load_notebook_node(path).cells]
assert tags[1] == ["injected-parameters"], tags
times = nb.cells[2].metadata.execution
assert list(times) == ["iopub.execute_input", "iopub.status.busy", "iopub.status.idle", "shell.execute_reply"], times
`

func TestJupyterAndPapermillReadWhatIsSaved(t *testing.T) {
	python, err := filepath.Abs("../../.build/jupyter/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skipf("SKIPPED: Jupyter is not in .build/jupyter (make setup brings it): %v", err)
	}
	nb := notebook("#tag parameters\nn := 1", "out a\nerr b\nshow x 1\nshow - 2\nupdate x 3\nvalue 4", "", "#tag raises-exception\nfail x", "part 1%\\r\npart 2%")
	if err := headless.Inject(nb, []string{"n=2"}, rand.New(rand.NewPCG(1, 2))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "nb.ipynb")
	if err := headless.Run(t.Context(), nb, path, &script{}, options()); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), python, "-c", readers, path).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
