package summarize_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
	"paperlab/lib/evaluate"
	"paperlab/lib/generate"
	"paperlab/lib/summarize"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// papers are n, each about a number of its own.
func papers(n int) []corpus.Paper {
	all := make([]corpus.Paper, n)
	for i := range all {
		all[i] = corpus.Paper{
			Article:  fmt.Sprintf("Light bends near star %d. The sun is far away. Stars shine in empty space.", i),
			Abstract: fmt.Sprintf("Light of star %d bends.", i),
		}
	}
	return all
}

// small is a model with a vocabulary of its own.
func small(t *testing.T) *summarize.Model {
	t.Helper()
	tokenizer, err := summarize.TrainTokenizer(t.Context(), papers(20), 60)
	if err != nil {
		t.Fatal(err)
	}
	config, err := t5.Named("t5-test")
	if err != nil {
		t.Fatal(err)
	}
	m, err := summarize.New(config, tokenizer, tensor.CPU, 42)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

var how = t5.Preparation{Prefix: "summarize: ", MaxInput: 32, MaxTarget: 16}

func examples(t *testing.T, m *summarize.Model, n int) *t5.Examples {
	t.Helper()
	e, err := m.Examples(t.Context(), papers(n), how)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAModelLearnsAndWritesTheSameFromItsFolder(t *testing.T) {
	m := small(t)
	training, validation := examples(t, m, 16), examples(t, m, 4)
	before, err := m.Evaluate(t.Context(), validation, 4)
	if err != nil {
		t.Fatal(err)
	}
	config := train.Config{Epochs: 4, BatchSize: 4, LearningRate: 1e-2, MaxGradNorm: 1, Output: t.TempDir()}
	result, err := m.Train(t.Context(), training, validation, config)
	if err != nil || result.Steps != 16 || !(result.BestLoss < before.Loss) {
		t.Fatalf("%+v, %v; the loss was %v", result, err, before.Loss)
	}
	after, err := m.Evaluate(t.Context(), validation, 4)
	if err != nil || math.Abs(after.Loss-result.BestLoss) > 1e-3 {
		t.Errorf("%v, %v; want the best model's %v", after.Loss, err, result.BestLoss)
	}

	dir := filepath.Join(t.TempDir(), "saved")
	if err := m.Save(dir); err != nil {
		t.Fatal(err)
	}
	// A checkpoint holds the tokenizer too.
	for _, folder := range []string{dir, result.Best} {
		again, err := summarize.Load(folder, tensor.CPU)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if got, want := write(t, again), write(t, m); got.Text != want.Text || !slices.Equal(got.IDs, want.IDs) {
			t.Errorf("%s writes %q, want %q", folder, got.Text, want.Text)
		}
	}
}

func write(t *testing.T, m *summarize.Model) summarize.Summary {
	t.Helper()
	s, err := m.Summarize(t.Context(), "summarize: "+papers(1)[0].Article, 32, short)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var short = generate.Config{MaxLength: 8, MinLength: 2, NumBeams: 2, RepetitionPenalty: 1, LengthPenalty: 1}

func TestASummaryIsToldAsItGrows(t *testing.T) {
	m := small(t)
	how := short
	how.NumBeams = 1
	var grown []string
	text := "summarize: " + papers(1)[0].Article
	got, err := m.Stream(t.Context(), text, 32, how, func(sofar string) error { grown = append(grown, sofar); return nil })
	if err != nil || len(grown) != len(got.IDs)-1 || grown[len(grown)-1] != got.Text {
		t.Errorf("told %q of %+v, %v", grown, got, err)
	}
	if whole, err := m.Summarize(t.Context(), text, 32, how); err != nil || whole.Text != got.Text {
		t.Errorf("streamed %q, at once %q, %v", got.Text, whole.Text, err)
	}
}

func TestATrainingWithoutValidationPapers(t *testing.T) {
	m := small(t)
	result, err := m.Train(t.Context(), examples(t, m, 8), nil, train.Config{BatchSize: 4, MaxSteps: 1, LearningRate: 1e-3})
	if err != nil || result.Steps != 1 || !math.IsNaN(result.BestLoss) {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestMixedPrecisionIsTheModels(t *testing.T) {
	m := small(t)
	m.Precision = tensor.BFloat16
	var got tensor.DType
	watch := func(_ context.Context, e train.Event) error {
		if started, ok := e.(train.Started); ok {
			got = started.Config.Precision
		}
		return nil
	}
	if _, err := m.Train(t.Context(), examples(t, m, 4), nil, train.Config{BatchSize: 4, MaxSteps: 1, LearningRate: 1e-3}, watch); err != nil || got != tensor.BFloat16 {
		t.Errorf("trained in %v, %v", got, err)
	}
	if s := write(t, m); len(s.IDs) < 2 {
		t.Errorf("%+v", s)
	}
}

func TestSummariesOfPapersComeInTheirOrderAndStopWhenAsked(t *testing.T) {
	m := small(t)
	var told []int
	all, err := m.SummarizeAll(t.Context(), papers(3), "summarize: ", 32, short, func(done, total int) { told = append(told, done, total) })
	if err != nil || len(all) != 3 || !slices.Equal(told, []int{1, 3, 2, 3, 3, 3}) {
		t.Errorf("%q, %v, told %v", all, err, told)
	}
	if first := write(t, m); all[0] != first.Text {
		t.Errorf("%q among others, %q alone", all[0], first.Text)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = m.SummarizeAll(ctx, papers(3), "summarize: ", 32, short, func(int, int) { cancel() })
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "summary 2 of 3") {
		t.Errorf("%v", err)
	}
}

func TestATrainingMayBeMeasuredByWhatItWrites(t *testing.T) {
	m := small(t)
	metrics := m.Metrics(papers(3), "summarize: ", 32, short)
	got, err := metrics(t.Context())
	if err != nil || len(got) != 5 || got["gen_len"] < 1 || got["gen_len"] > 7 {
		t.Errorf("%v, %v", got, err)
	}
	m.Smoothing = 0.1
	task := m.Task(examples(t, m, 8), examples(t, m, 3))
	task.Metrics = metrics
	var evaluated train.Evaluated
	watch := func(_ context.Context, e train.Event) error {
		if e, ok := e.(train.Evaluated); ok {
			evaluated = e
		}
		return nil
	}
	config := train.Config{Epochs: 2, BatchSize: 4, LearningRate: 1e-3, Metric: "rougeLsum", GroupByLength: true}
	result, err := train.Fit(t.Context(), task, config, watch)
	if err != nil || result.BestMetric < evaluated.Metrics["rougeLsum"] {
		t.Errorf("%+v, %v, last evaluated %+v", result, err, evaluated)
	}
	smoothed, err := m.Evaluate(t.Context(), examples(t, m, 3), 3)
	m.Smoothing = 0
	if own, errOwn := m.Evaluate(t.Context(), examples(t, m, 3), 3); err != nil || errOwn != nil || smoothed.Loss == own.Loss {
		t.Errorf("smoothed %v, not smoothed %v, %v", smoothed, own, err)
	}
}

func TestRougeLsumComparesSentenceBySentence(t *testing.T) {
	papers := []corpus.Paper{{Article: "Planets are dark.", Abstract: "Stars shine very bright. The sun bends light."}}
	c, err := summarize.Rouge(t.Context(), papers, []string{"The sun bends light. Stars shine very bright."}, evaluate.Bootstrap{})
	if err != nil {
		t.Fatal(err)
	}
	if scores := c[0].Each[0]; scores.RougeLsum.FMeasure != 1 || scores.RougeL.FMeasure > 0.6 {
		t.Errorf("sentences in another order have %+v", scores)
	}
}

func TestRougeStandsBesideTheLeadSentences(t *testing.T) {
	some := papers(4)
	summaries := make([]string, len(some))
	for i, p := range some {
		summaries[i] = p.Abstract // nobody writes better
	}
	c, err := summarize.Rouge(t.Context(), some, summaries, evaluate.Bootstrap{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	metrics := c.Metrics()
	if len(metrics) != 16 || metrics["rouge/rouge1"] != 1 || metrics["rouge/rougeLsum"] != 1 {
		t.Errorf("%v", metrics)
	}
	if lead := metrics["rouge_lead1/rouge1"]; !(lead > metrics["rouge_lead3/rouge1"] && lead < 1) {
		t.Errorf("%v", metrics)
	}
	header, rows := c.Table()
	if strings.Join(header, "|") != "ROUGE of 4|1|2|L|Lsum" || len(rows) != 4 || rows[0][0] != "model" || rows[0][1] != "100.0 (100.0 to 100.0)" || rows[2][0] != "lead3" || rows[3][0] != "random3" {
		t.Errorf("%q %q", header, rows)
	}
	if columns, rows := c.Examples(some, 9); len(rows) != 4 || len(rows[0]) != len(columns) || rows[1][2] != "Light ben" || rows[1][5] != 1.0 {
		t.Errorf("%q %v", columns, rows)
	}
	if _, rows := c.Lengths(some); len(rows) != 5 || rows[0][0] != "abstract" || rows[0][1] != "5.0" || rows[1][4] != "1.0" {
		t.Errorf("lengths %q", rows)
	}
	if _, err := summarize.Rouge(t.Context(), some, summaries[:1], evaluate.Bootstrap{}); err == nil {
		t.Error("one summary of four papers was scored")
	}
}

func TestFoldersThatHoldNoSummarisingModelAreRefused(t *testing.T) {
	m, other := small(t), t.TempDir()
	if err := m.Save(other); err != nil {
		t.Fatal(err)
	}
	words, err := dataset.Papers(t.Context(), dataset.Godoc, 50, nil)
	if err != nil {
		t.Fatal(err)
	}
	large, err := summarize.TrainTokenizer(t.Context(), words, 300)
	if err != nil {
		t.Fatal(err)
	}
	if err := large.Save(other); err != nil { // a tokenizer of another model
		t.Fatal(err)
	}
	for folder, says := range map[string]string{
		other:                              "not of one model",
		filepath.Join(t.TempDir(), "gone"): "gone",
	} {
		if _, err := summarize.Load(folder, tensor.CPU); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %s", folder, err, says)
		}
	}
	if _, err := summarize.TrainTokenizer(t.Context(), nil, 60); err == nil {
		t.Error("a vocabulary of no papers was made")
	}
}
