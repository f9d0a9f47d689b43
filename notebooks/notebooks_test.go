package notebooks_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

var names = []string{"summarize.ipynb", "search.ipynb", "compare.ipynb"}

func read(t *testing.T, path string) *nbformat.Notebook {
	t.Helper()
	nb, err := nbformat.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

// run runs a notebook with the built executable in a folder of its own, without a database but the folder's.
func run(t *testing.T, dir, name string, parameters ...string) *nbformat.Notebook {
	t.Helper()
	paperlab, err := filepath.Abs("../.build/bin/paperlab")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(paperlab); errors.Is(err, fs.ErrNotExist) {
		t.Skip("NOTHING WAS TESTED: .build/bin/paperlab is missing; make build makes it")
	}
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, source, 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"nb", "run", path}
	for _, p := range parameters {
		args = append(args, "-p", p)
	}
	cmd := exec.Command(paperlab, args...)
	cmd.Env = append(os.Environ(), "PAPERLAB_DB="+filepath.Join(dir, "paperlab.db"))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return read(t, path)
}

// wantOutput fails unless the plain text of a cell's outputs has all of the parts.
func wantOutput(t *testing.T, nb *nbformat.Notebook, cell string, parts ...string) {
	t.Helper()
	i := slices.IndexFunc(nb.Cells, func(c nbformat.Cell) bool { return c.ID == cell })
	if i < 0 {
		t.Fatalf("there is no cell %q", cell)
	}
	var text strings.Builder
	for _, out := range nb.Cells[i].Outputs {
		plain, _ := out.Data["text/plain"].(string)
		text.WriteString(out.Text + plain + "\n")
	}
	for _, part := range parts {
		if !strings.Contains(text.String(), part) {
			t.Errorf("cell %s does not put out %q but\n%s", cell, part, text.String())
		}
	}
}

// The study's steps, small: the whole notebooks run in the same way.
var (
	smallSummaries = []string{"vocabulary=500", "train_size=60", "validation_size=8", "test_size=8", "epochs=2", "rouge_samples=4", "max_length=12"}
	smallSearch    = []string{"limit=120", "per_group=3", "batch_size=8", "questions=20", "top=2"}
)

func TestTheNotebooksRunOnTheEmbeddedDefault(t *testing.T) {
	dir := t.TempDir()
	t.Run("summarize", func(t *testing.T) {
		nb := run(t, dir, "summarize.ipynb", smallSummaries...)
		wantOutput(t, nb, "data", "Sample keys: [article_id title article abstract")
		wantOutput(t, nb, "preprocessing", "Train size: 60\nValidation size: 8\nTest size: 8\n")
		wantOutput(t, nb, "training", "30/30 (100%)", "validation loss", "Best validation loss: ")
		wantOutput(t, nb, "evaluation", "eval_loss: ", "eval_samples_per_second: ", "epoch: 2.0")
		wantOutput(t, nb, "sample", "Original Article:\n", "Generated Summary:\n")
		wantOutput(t, nb, "rouge", "ROUGE of 4", "model", "lead1", "lead3")
		wantOutput(t, nb, "loaded", "writes the same summary: true")
	})
	t.Run("search", func(t *testing.T) {
		if _, err := os.Stat("../.build/all-MiniLM-L6-v2"); errors.Is(err, fs.ErrNotExist) {
			t.Skip("NOTHING WAS TESTED: .build/all-MiniLM-L6-v2 is missing; make setup brings it")
		}
		elsewhere := filepath.Join(t.TempDir(), "drive")
		nb := run(t, dir, "search.ipynb", append(smallSearch, "copy_to="+elsewhere)...)
		wantOutput(t, nb, "truncate", "Truncated file: ./model_checkpoints/truncated_arxiv.json\nPapers: 120\n")
		wantOutput(t, nb, "columns", "[id title abstract categories]", "non-null")
		wantOutput(t, nb, "five", "**Pair 1**\n**Text 1:** ", strings.Repeat("=", 100), "Number of pairs: ")
		wantOutput(t, nb, "saving", "SBERT Training Complete!")
		wantOutput(t, nb, "cosine", `"Artificial Intelligence in Healthcare": `)
		wantOutput(t, nb, "change", "Total Parameter Change: ", "L2 norm of the change: ")
		wantOutput(t, nb, "results", "**Fine-Tuned Model Results**:\n**Rank 1** (Similarity: 0.", "**Baseline Model Results**:", "**Rank 2**")
		wantOutput(t, nb, "ask", "rank", "similarity")
		wantOutput(t, nb, "metrics", "baseline", "fine-tuned", "ndcg@10")
		wantOutput(t, nb, "copy", "SHA-256 verified")
		for _, file := range []string{"paper_index.faiss", "fine_tuned_search_model/modules.json"} {
			if _, err := os.Stat(filepath.Join(elsewhere, file)); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("compare", func(t *testing.T) {
		nb := run(t, dir, "compare.ipynb")
		wantOutput(t, nb, "list", "rate 0.03, seed 3", "rate 0.003, seed 1", "finished")
		wantOutput(t, nb, "differ", "Parameters that differ: [data_seed learning_rate seed]", "params.learning_rate", `min("eval/loss")`, "±")
		wantOutput(t, nb, "compare", "rate 0.03, seed ", "rate 0.003, seed ", "max train/loss")
		wantOutput(t, nb, "bands-metric", "plot")
		wantOutput(t, nb, "best", "rate 0.03")
		wantOutput(t, nb, "export", "points in runs.csv")
	})
}

func TestTheNotebooksRunOnRealPapers(t *testing.T) {
	data := os.Getenv("PAPERLAB_DATA")
	if data == "" {
		t.Skip("NOTHING WAS TESTED: PAPERLAB_DATA names no folder of real papers")
	}
	data, err := filepath.Abs(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("summarize", func(t *testing.T) {
		nb := run(t, t.TempDir(), "summarize.ipynb", append(smallSummaries, "data="+data)...)
		wantOutput(t, nb, "data", "section_names")
		wantOutput(t, nb, "stand-in", "Tokens: 32100")
	})
	t.Run("search", func(t *testing.T) {
		if _, err := os.Stat("../.build/all-MiniLM-L6-v2"); errors.Is(err, fs.ErrNotExist) {
			t.Skip("NOTHING WAS TESTED: .build/all-MiniLM-L6-v2 is missing; make setup brings it")
		}
		nb := run(t, t.TempDir(), "search.ipynb", append(smallSearch, "limit=60", "data="+data)...)
		wantOutput(t, nb, "columns", "authors_parsed", "update_date")
		wantOutput(t, nb, "question", "Albert Einstein")
	})
}

func TestCellsAreShortAndTellWhatTheyAre(t *testing.T) {
	for _, name := range names {
		nb := read(t, name)
		parameters, err := headless.Parameters(nb)
		if err != nil || len(parameters) == 0 {
			t.Errorf("%s: parameters %v, %v", name, parameters, err)
		}
		for i, cell := range nb.Cells {
			lines := strings.Count(cell.Source, "\n") + 1
			declares := cell.ID == "parameters" || cell.ID == "imports"
			if cell.Type == nbformat.Code && lines > 16 && !declares {
				t.Errorf("%s: cell %s has %d lines", name, cell.ID, lines)
			}
			if i == 0 && cell.Type != nbformat.Markdown {
				t.Errorf("%s does not begin with words", name)
			}
		}
	}
}

// What a reader sees first is what the cells put out.
func TestTheSavedOutputsAreThoseOfTheCells(t *testing.T) {
	for _, name := range names {
		for _, stale := range headless.Check(read(t, name)) {
			t.Errorf("%s: cell %d (%s) is %s: paperlab nb run notebooks/%s", name, stale.Cell, stale.Line, stale.State, name)
		}
	}
}
