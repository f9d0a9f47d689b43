package compute_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/cli/compute"
	"paperlab/lib/train"
)

// trainT5 is a training of ten papers, five steps an epoch.
func trainT5(model, papers string, more ...string) []string {
	args := []string{"train", "summarize", "--model", model, "--data", papers, "--train", "10", "--validation", "4", "--test", "3",
		"--batch-size", "2", "--accumulation", "1", "--epochs", "2", "--learning-rate", "1e-2", "--log-every", "2", "--rouge-samples", "2"}
	return slices.Concat(args, short, more)
}

// recorder is a NewRun that keeps what it is told, and interrupts the training behind a step where asked.
type recorder struct {
	name      string
	params    map[string]any
	events    []train.Event
	stopAfter int
	interrupt context.CancelFunc
}

func (r *recorder) newRun(_ context.Context, name string, params map[string]any, _ compute.Ranks) (train.Hook, error) {
	r.name, r.params = name, params
	return func(_ context.Context, event train.Event) error {
		r.events = append(r.events, event)
		if e, ok := event.(train.Step); ok && e.Step == r.stopAfter {
			r.interrupt()
		}
		return nil
	}, nil
}

func eventsOf[E train.Event](r *recorder) (of []E) {
	for _, event := range r.events {
		if e, ok := event.(E); ok {
			of = append(of, e)
		}
	}
	return of
}

func TestTrainSummarizeTrainsMeasuresAndSaves(t *testing.T) {
	dir := folder(t)
	var r recorder
	got := call{newRun: r.newRun}.run(trainT5(tinyT5(t, dir), articles(t, dir, 17))...)
	if got.exit != 0 {
		t.Fatal(got.err)
	}
	for _, part := range []string{"test loss: ", "ROUGE of 2", "Generated Summary: ", "model saved to model_checkpoints/fine_tuned_summarization_model\n"} {
		if !strings.Contains(got.out, part) {
			t.Errorf("%q is not in the output:\n%s", part, got.out)
		}
	}
	for _, part := range []string{"Train size: 10\nValidation size: 4\nTest size: 3\n", "summarize: epoch 2: training loss ", "summarize: 10/10 (100%)"} {
		if !strings.Contains(got.err, part) {
			t.Errorf("%q is not in the progress:\n%s", part, got.err)
		}
	}
	for _, checkpoint := range []string{"checkpoint-5", "checkpoint-10"} {
		if _, err := os.Stat(filepath.Join("model_checkpoints/summarization_model", checkpoint)); err != nil {
			t.Error(err)
		}
	}
	// What it measured of the best model is what eval measures of the folder.
	again := must(t, slices.Concat([]string{"eval", "summarize", "--model", "model_checkpoints/fine_tuned_summarization_model", "--data", "articles.jsonl",
		"--train", "10", "--validation", "4", "--test", "3", "--rouge-samples", "2"}, short)...)
	if measured, _, _ := strings.Cut(got.out, "model saved"); measured != again {
		t.Errorf("train printed\n%s\neval prints\n%s", measured, again)
	}
}

func TestWhatIsNotSetIsAsInTheStudy(t *testing.T) {
	dir := folder(t)
	var r recorder
	got := call{newRun: r.newRun}.run("train", "summarize", "--model", tinyT5(t, dir), "--data", articles(t, dir, 17), "--max-steps", "1", "--rouge-samples", "0",
		"--eval-examples", "0")
	if got.exit != 0 {
		t.Fatal(got.err)
	}
	for name, want := range map[string]any{
		"epochs": 10, "batch_size": 4, "eval_batch_size": 4, "accumulation": 4, "learning_rate": 5e-5, "schedule": "linear", "warmup_steps": 0,
		"warmup_ratio": 0.0, "weight_decay": 0.01, "max_grad_norm": 1.0, "log_every": 50, "eval_every": "epoch", "save_every": "epoch", "save_limit": 2,
		"metric": "loss", "better": "less", "keep_last": false, "seed": int64(42), "prefix": "summarize: ", "max_input": 256, "max_target": 64,
		"output": "model_checkpoints/summarization_model", "summary_input": 1024, "max_length": 256, "min_length": 100, "num_beams": 5,
		"repetition_penalty": 2.0, "length_penalty": 1.0, "early_stopping": "true",
	} {
		if fmt.Sprint(r.params[name]) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", name, r.params[name], want)
		}
	}
}

func TestCheckpointsFollowTheEvaluationsUnlessToldOtherwise(t *testing.T) {
	dir := folder(t)
	model, papers := tinyT5(t, dir), articles(t, dir, 17)
	for flags, want := range map[string][]string{
		"--eval-every 3":                {"checkpoint-3", "checkpoint-6", "checkpoint-9", "checkpoint-10"},
		"--eval-every 2 --save-every 4": {"checkpoint-4", "checkpoint-8", "checkpoint-10"},
		"--eval-every no":               {"checkpoint-5", "checkpoint-10"},
	} {
		output := t.TempDir()
		must(t, trainT5(model, papers, append(strings.Fields(flags), "--save-limit", "0", "--rouge-samples", "0", "--output", output)...)...)
		folders, err := train.Checkpoints(output)
		var got []string
		for _, folder := range folders {
			got = append(got, filepath.Base(folder))
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", flags, got, err, want)
		}
	}
}

func TestARecordOfATrainingHasParametersAndFigures(t *testing.T) {
	dir := folder(t)
	var r recorder
	if got := (call{newRun: r.newRun}).run(trainT5(tinyT5(t, dir), articles(t, dir, 17), "--name", "first")...); got.exit != 0 {
		t.Fatal(got.err)
	}
	if r.name != "first" || r.params["task"] != "summarize" || r.params["learning_rate"] != 1e-2 || r.params["train_size"] != 10 || r.params["max_input"] != 256 {
		t.Errorf("%s: %v", r.name, r.params)
	}
	measured := eventsOf[train.Measured](&r)
	if len(measured) != 1 {
		t.Fatalf("%d measurements", len(measured))
	}
	for _, key := range []string{"test/loss", "rouge/rouge1", "rouge/rougeLsum", "rouge_lead1/rouge2", "rouge_lead3/rougeL"} {
		if _, ok := measured[0].Metrics[key]; !ok {
			t.Errorf("no %s among %v", key, measured[0].Metrics)
		}
	}
	var tables []string
	for _, table := range eventsOf[train.Tabled](&r) {
		tables = append(tables, fmt.Sprint(table.Key, " at ", table.Step, ": ", len(table.Rows)))
	}
	if want := []string{"validation/examples at 5: 2", "validation/examples at 10: 2", "test/examples at 10: 2"}; !slices.Equal(tables, want) {
		t.Errorf("tables %q, want %q", tables, want)
	}
	if n := len(eventsOf[train.Evaluated](&r)); n != 2 {
		t.Errorf("%d evaluations, want one an epoch", n)
	}
}

func TestAnInterruptedTrainingSaysHowToGoOnAndDoes(t *testing.T) {
	dir := folder(t)
	model, papers := tinyT5(t, dir), articles(t, dir, 17)
	whole := must(t, trainT5(model, papers, "--output", "whole", "--save", "saved")...)

	ctx, interrupt := context.WithCancel(context.Background())
	stopped := recorder{stopAfter: 7, interrupt: interrupt}
	got := call{ctx: ctx, newRun: stopped.newRun}.run(trainT5(model, papers, "--output", "parts", "--save", "saved")...)
	got.wantError(t, 1, "stopped after step 7 of 10", "interrupted", "--resume parts/checkpoint-7")
	if finished := eventsOf[train.Finished](&stopped); len(finished) != 1 || !errors.Is(finished[0].Err, context.Canceled) {
		t.Errorf("the record was told %+v", finished)
	}

	var resumed recorder
	got = call{newRun: resumed.newRun}.run(trainT5(model, papers, "--output", "parts", "--save", "saved", "--resume", "latest")...)
	if got.out != whole {
		t.Errorf("resumed, it printed\n%s%s\nnot\n%s", got.out, got.err, whole)
	}
	if again := run(trainT5(model, papers, "--output", "parts", "--save", "saved", "--resume")...); again.out != whole {
		t.Errorf("resumed at its end, it printed\n%s%s", again.out, again.err)
	}
	if started := eventsOf[train.Started](&resumed); len(started) != 1 || started[0].Step != 7 || !strings.Contains(got.err, "going on from parts/checkpoint-7") {
		t.Errorf("%+v, %s", started, got.err)
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	dir := folder(t)
	var r recorder
	model, papers := tinyT5(t, dir), articles(t, dir, 17)
	got := call{newRun: r.newRun}.run(trainT5(model, papers, "--dry-run")...)
	if got.exit != 0 || !strings.Contains(got.out, "10 examples, 10 optimizer steps of 1 x 2\n") || !strings.Contains(got.out, " s a step: ") {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(got.out, " s an evaluation of 4 examples\n") || !strings.Contains(got.out, " s a summary, here of ") {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat("model_checkpoints"); err == nil || r.params != nil {
		t.Error("checkpoints or a record were written")
	}
}

func TestAFileOfFlagsSetsThoseThatTheLineDoesNot(t *testing.T) {
	dir := folder(t)
	model, papers := tinyT5(t, dir), articles(t, dir, 17)
	config := write(t, dir, "config.json", `{"epochs": 9, "weight-decay": 0.5, "name": "from-file", "early-stopping": false}`)
	var r recorder
	got := call{newRun: r.newRun}.run(trainT5(model, papers, "--config", config, "--max-steps", "1")...)
	if got.exit != 0 || r.name != "from-file" || r.params["epochs"] != 2 || r.params["weight_decay"] != 0.5 || r.params["max_steps"] != 1 {
		t.Errorf("%s: %s: %v", got.err, r.name, r.params)
	}
}

func TestEveryHyperparameterIsAFlag(t *testing.T) {
	dir := folder(t)
	var r recorder
	got := call{newRun: r.newRun}.run(trainT5(tinyT5(t, dir), articles(t, dir, 17), "--schedule", "cosine", "--warmup-ratio", "0.2", "--eval-every", "2",
		"--save-every", "4", "--log-every", "0.5", "--metric", "rouge1", "--patience", "9", "--threshold", "0.01", "--group-by-length", "--data-seed", "3",
		"--label-smoothing", "0.1", "--eval-rouge-samples", "2", "--save-limit", "1")...)
	if got.exit != 0 {
		t.Fatal(got.err)
	}
	for name, want := range map[string]any{
		"schedule": "cosine", "warmup_ratio": 0.2, "eval_every": 2, "save_every": 4, "log_every": 0.5, "metric": "rouge1", "better": "greater",
		"patience": 9, "threshold": 0.01, "group_by_length": true, "data_seed": int64(3), "label_smoothing": 0.1,
	} {
		if r.params[name] != want {
			t.Errorf("%s is %v (%T), want %v", name, r.params[name], r.params[name], want)
		}
	}
	// The test loss is the model's own, not the smoothed one.
	again := must(t, slices.Concat([]string{"eval", "summarize", "--model", "model_checkpoints/fine_tuned_summarization_model", "--data", "articles.jsonl",
		"--train", "10", "--validation", "4", "--test", "3", "--rouge-samples", "2"}, short)...)
	if measured, _, _ := strings.Cut(got.out, "model saved"); measured != again {
		t.Errorf("train printed\n%s\neval prints\n%s", measured, again)
	}
	evaluated := eventsOf[train.Evaluated](&r)
	if len(evaluated) != 5 || len(eventsOf[train.Logged](&r)) != 2 {
		t.Errorf("%d evaluations of 5, %d logs of 2", len(evaluated), len(eventsOf[train.Logged](&r)))
	}
	for _, name := range []string{"rouge1", "rouge2", "rougeL", "rougeLsum", "gen_len", "token_loss"} {
		if _, ok := evaluated[0].Metrics[name]; !ok {
			t.Errorf("no %s among %v", name, evaluated[0].Metrics)
		}
	}
}

func TestTrainSummarizeSaysWhatIsWrong(t *testing.T) {
	dir := folder(t)
	model, papers := tinyT5(t, dir), articles(t, dir, 17)
	file := func(name, content string) string { return write(t, dir, name, content) }
	for name, c := range map[string]struct {
		args []string
		exit int
		says []string
	}{
		"a label smoothing of all":         {[]string{"--label-smoothing", "1"}, 2, []string{"--label-smoothing 1"}},
		"an unknown schedule":              {[]string{"--schedule", "cubic"}, 2, []string{`"cubic"`, "cosine"}},
		"a warm-up of more than all":       {[]string{"--warmup-ratio", "1.5"}, 2, []string{"warm-up ratio 1.5"}},
		"an interval that is none":         {[]string{"--eval-every", "sometimes"}, 2, []string{"--eval-every", "sometimes", "epoch"}},
		"half a step too much":             {[]string{"--save-every", "2.5"}, 2, []string{"--save-every", "2.5"}},
		"a best model that is not saved":   {[]string{"--eval-every", "3", "--save-every", "4"}, 1, []string{"best model", "3", "4"}},
		"an unknown metric":                {[]string{"--metric", "bleu"}, 2, []string{`"bleu"`, "loss, token_loss"}},
		"a metric that is not measured":    {[]string{"--metric", "rouge1"}, 2, []string{`"rouge1"`, "loss, token_loss", "--eval-rouge-samples"}},
		"a model that is not there":        {[]string{"--model", "./gone", "--data", "gone-too"}, 1, []string{"./gone"}},
		"an unknown precision":             {[]string{"--precision", "fp8"}, 2, []string{`"fp8"`, "bf16"}},
		"neither greater nor less":         {[]string{"--better", "more"}, 2, []string{`"more"`, "greater"}},
		"patience without evaluations":     {[]string{"--patience", "2", "--eval-every", "no"}, 2, []string{"patience 2"}},
		"no epochs":                        {[]string{"--epochs", "0"}, 2, []string{"0 epochs"}},
		"batches of nothing":               {[]string{"--batch-size", "0"}, 2, []string{"--batch-size", "at least 1"}},
		"several wrong numbers":            {[]string{"--weight-decay", "-1", "--learning-rate", "-2"}, 2, []string{"weight decay -1", "learning rate -2"}},
		"a learning rate that is none":     {[]string{"--learning-rate", "NaN"}, 2, []string{"learning rate NaN"}},
		"papers fewer than none":           {[]string{"--train", "-3"}, 2, []string{"--train", "at least 0"}},
		"no papers to train on":            {[]string{"--train", "0"}, 1, []string{"no papers to train on", "--train"}},
		"a config that is not there":       {[]string{"--config", "gone.json"}, 1, []string{"--config", "gone.json"}},
		"a config that is no JSON":         {[]string{"--config", file("bad.json", "epochs: 3")}, 1, []string{"bad.json", `{"epochs": 3}`}},
		"a config of two values":           {[]string{"--config", file("two.json", "{} {}")}, 1, []string{"two.json: more than one value"}},
		"a config with an unknown flag":    {[]string{"--config", file("odd.json", `{"epoch": 3}`)}, 2, []string{"odd.json", "--epoch"}},
		"a config with a wrong value":      {[]string{"--config", file("wrong.json", `{"max-steps": 2.5}`)}, 2, []string{"wrong.json", "2.5"}},
		"a config with a list":             {[]string{"--config", file("list.json", `{"max-steps": [1]}`)}, 1, []string{"list.json", "max-steps"}},
		"a word that is no flag":           {[]string{"latest"}, 2, []string{"latest"}},
		"a checkpoint that is not there":   {[]string{"--resume", "gone"}, 1, []string{"gone"}},
		"a checkpoint of nothing":          {[]string{"--resume", "latest", "--output", "fresh"}, 1, []string{"no whole checkpoint in fresh"}},
		"a malformed line, where asked":    {[]string{"--strict", "--data", file("lines.jsonl", `{"article":"a","abstract":"b"}`+"\n}\n")}, 1, []string{"lines.jsonl:2"}},
		"a file in the checkpoints' place": {[]string{"--output", papers}, 1, []string{"articles.jsonl"}},
		"a file in the cache's place":      {[]string{"--token-cache", papers}, 1, []string{"cache of tokens", "articles.jsonl", "--token-cache no"}},
		"a file in the model's place":      {[]string{"--save", papers, "--max-steps", "1"}, 1, []string{"--save", "articles.jsonl"}},
	} {
		t.Run(name, func(t *testing.T) {
			run(trainT5(model, papers, c.args...)...).wantError(t, c.exit, c.says...)
		})
	}
}

func TestAMalformedLineIsSkippedAndNamed(t *testing.T) {
	dir := folder(t)
	model, papers := tinyT5(t, dir), articles(t, dir, 17)
	data, err := os.ReadFile(papers)
	if err != nil {
		t.Fatal(err)
	}
	papers = write(t, dir, "with-rubbish.jsonl", string(data)+"rubbish\n")
	got := run(trainT5(model, papers, "--train", "12", "--max-steps", "1")...)
	if got.exit != 0 || !strings.Contains(got.err, "skipped with-rubbish.jsonl:18") && !strings.Contains(got.err, "with-rubbish.jsonl:18: malformed record") {
		t.Errorf("exit %d: %s", got.exit, got.err)
	}
}

func TestADivergedTrainingIsNotToBeResumed(t *testing.T) {
	dir := folder(t)
	got := run(trainT5(tinyT5(t, dir), articles(t, dir, 17), "--learning-rate", "1e30", "--epochs", "20")...)
	got.wantError(t, 1, "the training diverged", "lower learning rate")
	if strings.Contains(got.err, "--resume") {
		t.Errorf("%s", got.err)
	}
}
