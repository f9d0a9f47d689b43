package jupyter_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"paperlab/kernel/nbformat"
)

// smaller are parameters of the notebook with which a training is under way within seconds, and not over soon.
var smaller = map[string]string{
	"vocabulary": "600", "train_size": "160", "validation_size": "40", "test_size": "20",
	"max_input": "64", "max_target": "32", "epochs": "1000", "log_every": "10",
}

// study saves a copy of the notebook on summarization with other parameters, and returns its path and the number of the
// code cell that trains.
func study(t *testing.T) (path string, training int) {
	t.Helper()
	nb := read(t, "../../notebooks/summarize.ipynb")
	parameters := slices.IndexFunc(nb.Cells, func(cell nbformat.Cell) bool { return cell.Type == nbformat.Code })
	source := &nb.Cells[parameters].Source
	for name, value := range smaller {
		assignment := regexp.MustCompile(`(?m)^(\s+` + name + `\s*=) \S+`)
		if !assignment.MatchString(*source) {
			t.Fatalf("the first cell sets no %s:\n%s", name, *source)
		}
		*source = assignment.ReplaceAllString(*source, "$1 "+value)
	}
	for i, cell := range code(nb) {
		if strings.Contains(cell.Source, "live.Training()") {
			training = i + 1
		}
	}
	path = filepath.Join(t.TempDir(), "summarize.ipynb")
	if err := nb.Save(path); err != nil {
		t.Fatal(err)
	}
	return path, training
}

// The training shows its table and curve while it goes on. Interrupting the cell keeps a checkpoint, and marks the run.
func TestATrainingIsWatchedAndInterruptedInJupyterLab(t *testing.T) {
	path, training := study(t)
	p := openNotebook(t, "lab", path)
	p.runAll()
	p.waitFor(training, "[*]:", "validation loss")
	p.wait("the losses of three epochs", cell(training)+".querySelectorAll('.jp-OutputArea tbody tr').length >= 3")
	p.wait("the curve", cell(training)+".querySelector('.jp-OutputArea img')?.naturalWidth > 300")
	p.scroll(cell(training), "start")
	p.shoot("lab-training")

	p.interrupt()
	p.wait("the end of the cell", cell(training)+".querySelector('.jp-InputPrompt').innerText != '[*]:'")
	p.wait("the way to go on", cell(training)+".innerText.includes('checkpoint')")
	p.scroll(cell(training), "start")
	p.shoot("lab-interrupted")

	if runs := output(t, client(t, filepath.Dir(path), filepath.Join(built, "paperlab"), "runs", "ls", "--json")); !strings.Contains(runs, `"status":"killed"`) {
		t.Errorf("the run is not marked as killed: %s", runs)
	}
	checkpoints, err := filepath.Glob(filepath.Join(filepath.Dir(path), "model_checkpoints/summarization_model/checkpoint-*"))
	if err != nil || len(checkpoints) == 0 {
		t.Errorf("no checkpoint: %v", err)
	}
}
