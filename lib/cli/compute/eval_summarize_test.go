package compute_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"paperlab/lib/evaluate"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

type losses struct {
	Loss     float64
	EvalLoss float64 `json:"eval_loss"`
}

// evaluated takes the losses by the library.
func evaluated(t *testing.T, model string, inputs, labels [][]int, batch int) losses {
	t.Helper()
	m, err := t5.Load(model, tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	examples, err := t5.NewExamples(inputs, labels, 0)
	if err != nil {
		t.Fatal(err)
	}
	e, err := train.Evaluate(context.Background(), train.Model[t5.Batch](m), examples, batch, tensor.Float32)
	if err != nil {
		t.Fatal(err)
	}
	return losses{e.TokenLoss, e.Loss}
}

func TestEvalTakesTheLossOfTokenisedExamples(t *testing.T) {
	dir := folder(t)
	model := tinyT5(t, dir)
	inputs := [][]int{{5, 6, 7, 1}, {8, 9, 1}, {10, 1}, {11, 12, 13, 14, 1}, {5, 1}}
	labels := [][]int{{5, 1}, {6, 7, 8, 9, 1}, {-100, 12, 1}, {20, 1}, {30, 31, 32, 1}}
	var lines strings.Builder
	for i := range inputs {
		line, err := json.Marshal(map[string]any{"input_ids": inputs[i], "labels": labels[i]})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	file := write(t, dir, "examples.jsonl", lines.String())
	for _, batch := range []int{1, 2, 4} {
		got := decode[losses](t, must(t, "eval", "summarize", "--model", model, "--tokenized", file, "--batch-size", string(rune('0'+batch))))
		if want := evaluated(t, model, inputs, labels, batch); len(got) != 1 || got[0] != want {
			t.Errorf("batches of %d: %+v, want %+v", batch, got, want)
		}
	}
}

func TestEvalMeasuresAPartOfThePapers(t *testing.T) {
	dir := folder(t)
	model, papers := tinyT5(t, dir), articles(t, dir, 20)
	args := append([]string{"eval", "summarize", "--model", model, "--data", papers, "--train", "10", "--validation", "6", "--test", "4", "--rouge-samples", "3"}, short...)

	type scores map[string]struct{ Precision, Recall, FMeasure float64 }
	type row struct {
		losses
		Perplexity       float64
		Name             string
		Rouge, Low, High scores
		Lengths          evaluate.Lengths
	}
	rows := decode[row](t, must(t, append(args, "--json")...))
	if len(rows) != 5 || math.Abs(rows[0].Perplexity-math.Exp(rows[0].Loss)) > 1e-9 || !(rows[0].Loss > 0) || !(rows[0].EvalLoss > 0) {
		t.Fatalf("%+v", rows)
	}
	for i, name := range []string{"model", "lead1", "lead3", "random3"} {
		r := rows[i+1]
		f := func(s scores) float64 { return s["rouge1"].FMeasure }
		if r.Name != name || len(r.Rouge) != 4 || r.Lengths.Words.Count != 3 || !(f(r.Low) <= f(r.Rouge) && f(r.Rouge) <= f(r.High)) {
			t.Errorf("%+v, want %s", r, name)
		}
	}
	// The abstract is the article's first sentence.
	if f := rows[2].Rouge["rougeL"].FMeasure; math.Abs(f-1) > 1e-12 {
		t.Errorf("ROUGE-L of the lead sentence is %v", f)
	}

	text := run(args...)
	for _, part := range []string{"test loss: ", "(4 papers)", "test perplexity: ", "ROUGE of 3", "lead1", "random3", "sentences", "Original Article: ", "Abstract: ", "Generated Summary: "} {
		if !strings.Contains(text.out, part) {
			t.Errorf("%q is not in %s", part, text.out)
		}
	}
	if !strings.Contains(text.err, "summaries: 3/3") {
		t.Errorf("no progress in %q", text.err)
	}
	validation := decode[row](t, must(t, append(args, "--json", "--rouge-samples", "0", "--split", "validation")...))
	if len(validation) != 1 || validation[0].losses == rows[0].losses {
		t.Errorf("the validation papers: %+v", validation)
	}
}

func TestAFolderNeedsOnlyThePartThatIsMeasured(t *testing.T) {
	dir := folder(t)
	model := tinyT5(t, dir)
	if err := os.Mkdir("parts", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, "parts", "test.csv", "article,abstract\nlight bends near the sun,it bends\n")
	args := []string{"eval", "summarize", "--model", model, "--data", "parts", "--rouge-samples", "0"}
	if out := must(t, args...); !strings.Contains(out, "(1 papers)") {
		t.Error(out)
	}
	run(append(args, "--split", "validation")...).wantError(t, 1, "parts: holds no validation")
	run(append(args, "--test", "0")...).wantError(t, 1, "--test")
}

func TestAnEvaluationIsRecordedWhereAskedFor(t *testing.T) {
	dir := folder(t)
	args := append([]string{"eval", "summarize", "--model", tinyT5(t, dir), "--data", articles(t, dir, 20), "--train", "10", "--validation", "6",
		"--test", "4", "--rouge-samples", "3", "--split", "validation", "--record", "looked", "--do-sample", "--top-k", "7"}, short...)
	var r recorder
	if got := (call{newRun: r.newRun}).run(args...); got.exit != 0 {
		t.Fatal(got.err)
	}
	measured, tabled, finished := eventsOf[train.Measured](&r), eventsOf[train.Tabled](&r), eventsOf[train.Finished](&r)
	if r.name != "looked" || r.params["split"] != "validation" || r.params["top_k"] != 7 || len(measured) != 1 || len(tabled) != 1 || len(finished) != 1 || finished[0].Err != nil {
		t.Fatalf("%s %v: %+v", r.name, r.params, r.events)
	}
	for _, key := range []string{"validation/loss", "validation/perplexity", "rouge/rouge1", "rouge_random3/rougeL"} {
		if _, ok := measured[0].Metrics[key]; !ok {
			t.Errorf("no %s among %v", key, measured[0].Metrics)
		}
	}
	if table := tabled[0]; table.Key != "validation/examples" || len(table.Rows) != 3 || len(table.Rows[0]) != len(table.Columns) {
		t.Errorf("%+v", table)
	}
}

func TestEvalSummarizeSaysWhatIsWrong(t *testing.T) {
	dir := folder(t)
	model, papers := tinyT5(t, dir), articles(t, dir, 4)
	abstracts := abstracts(t, dir, 4)
	file := func(name, content string) string { return write(t, dir, name, content) }
	for name, c := range map[string]struct {
		args []string
		exit int
		says []string
	}{
		"an unknown part":               {[]string{"--split", "exam"}, 2, []string{`"exam"`, "validation"}},
		"a batch of nothing":            {[]string{"--batch-size", "0"}, 2, []string{"--batch-size", "at least 1"}},
		"a negative sample":             {[]string{"--rouge-samples", "-1"}, 2, []string{"--rouge-samples"}},
		"papers that are not there":     {[]string{"--data", "gone.jsonl"}, 1, []string{"gone.jsonl"}},
		"an empty file":                 {[]string{"--data", file("empty.jsonl", "")}, 1, []string{"empty.jsonl", "no papers to evaluate on"}},
		"papers without articles":       {[]string{"--data", abstracts}, 1, []string{"abstracts.jsonl", "article and abstract"}},
		"no tokenised examples":         {[]string{"--tokenized", file("none.jsonl", "")}, 1, []string{"none.jsonl", "no examples"}},
		"a tokenised line of nonsense":  {[]string{"--tokenized", file("bad.jsonl", "{\"input_ids\":[1],\"labels\":[1]}\nnonsense\n")}, 1, []string{"bad.jsonl: example 2"}},
		"an example without ids":        {[]string{"--tokenized", file("bare.jsonl", "{}")}, 1, []string{"bare.jsonl: example 1", "input_ids"}},
		"an id that the model lacks":    {[]string{"--tokenized", file("big.jsonl", `{"input_ids":[99999],"labels":[1]}`)}, 1, []string{"example 1", "99999"}},
		"a label that the model lacks":  {[]string{"--tokenized", file("label.jsonl", `{"input_ids":[1],"labels":[-7]}`)}, 1, []string{"example 1", "-7", "-100"}},
		"a tokenised file that is gone": {[]string{"--tokenized", "gone.jsonl"}, 1, []string{"gone.jsonl"}},
	} {
		t.Run(name, func(t *testing.T) {
			run(append([]string{"eval", "summarize", "--model", model, "--data", papers}, c.args...)...).wantError(t, c.exit, c.says...)
		})
	}
}
