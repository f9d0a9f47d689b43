package summarize_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/summarize"
	"paperlab/lib/t5"
	"paperlab/lib/train"
	"paperlab/peers"
)

// tokenized are examples as both sides take them.
type tokenized struct {
	InputIDs []int `json:"input_ids"`
	Labels   []int `json:"labels"`
}

func tokens(from, n int) (all []tokenized) {
	for i := from; i < from+n; i++ {
		e := tokenized{}
		for j := range 3 + i%4 {
			e.InputIDs, e.Labels = append(e.InputIDs, 3+(i*7+j*5)%50), append(e.Labels, 3+(i*3+j)%50)
		}
		all = append(all, tokenized{append(e.InputIDs, 1), append(e.Labels, 1)})
	}
	return all
}

func ours(t *testing.T, all []tokenized) *t5.Examples {
	t.Helper()
	var inputs, targets [][]int
	for _, e := range all {
		inputs, targets = append(inputs, e.InputIDs), append(targets, e.Labels)
	}
	examples, err := t5.NewExamples(inputs, targets, 0)
	if err != nil {
		t.Fatal(err)
	}
	return examples
}

// peerSaw is what testdata/peer_trainer.py prints.
type peerSaw struct {
	Step, Steps, Logged int
	BestMetric          float64 `json:"best_metric"`
	EvalLoss            float64 `json:"eval_loss"`
	Evaluated           []float64
}

func peer(t *testing.T, training, validation []tokenized, args ...string) (saw peerSaw) {
	t.Helper()
	data, err := json.Marshal(map[string]any{"train": training, "eval": validation})
	if err != nil {
		t.Fatal(err)
	}
	cmd := peers.Command(t, peers.Study, append([]string{"testdata/peer_trainer.py"}, args...)...)
	cmd.Stdin = bytes.NewReader(data)
	out := strings.TrimSpace(peers.Output(t, cmd))
	last := out[strings.LastIndexByte(out, '\n')+1:]
	if err := json.Unmarshal([]byte(last), &saw); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return saw
}

func TestATrainingOfTransformersIsGoneOnWith(t *testing.T) {
	peers.Python(t, peers.Study) // or skips
	m, training, validation := small(t), tokens(0, 8), tokens(8, 4)
	model, output := t.TempDir(), t.TempDir()
	if err := m.Save(model); err != nil {
		t.Fatal(err)
	}
	theirs := peer(t, training, validation, "write", model, output)

	again := small(t)
	config := train.Config{MaxSteps: 4, BatchSize: 2, LearningRate: 1e-2, EvalEvery: 2, SaveEvery: 2, Output: output, Resume: train.Latest}
	started := resume(t, again, training, validation, config)
	if started.Step != 4 || !started.FreshMoments || filepath.Base(started.Resumed) != "checkpoint-4" {
		t.Errorf("started with %+v", started)
	}
	loss, err := again.Evaluate(t.Context(), ours(t, validation), 2)
	if want := theirs.Evaluated[len(theirs.Evaluated)-1]; err != nil || !(math.Abs(loss.Loss-want) < 1e-4*want) {
		t.Errorf("loss %v of its weights, %v; it was %v there", loss.Loss, err, want)
	}
	config.MaxSteps = 8
	if started := resume(t, again, training, validation, config); started.Step != 4 {
		t.Errorf("started with %+v", started)
	}
}

// resume trains on, and returns how it started.
func resume(t *testing.T, m *summarize.Model, training, validation []tokenized, config train.Config) (started train.Started) {
	t.Helper()
	look := func(_ context.Context, e train.Event) error {
		if e, ok := e.(train.Started); ok {
			started = e
		}
		return nil
	}
	if _, err := m.Train(t.Context(), ours(t, training), ours(t, validation), config, look); err != nil {
		t.Fatal(err)
	}
	return started
}

func TestTransformersGoesOnWithATrainingOfOurs(t *testing.T) {
	peers.Python(t, peers.Study) // or skips
	m, training, validation := small(t), tokens(0, 8), tokens(8, 4)
	config := train.Config{
		MaxSteps: 4, BatchSize: 2, LearningRate: 1e-2, EvalEvery: 2, SaveEvery: 2, LogEvery: 1, Output: t.TempDir(), Patience: 3, KeepLast: true,
	}
	result, err := m.Train(t.Context(), ours(t, training), ours(t, validation), config)
	if err != nil {
		t.Fatal(err)
	}
	loss, err := m.Evaluate(t.Context(), ours(t, validation), 2)
	if err != nil {
		t.Fatal(err)
	}
	saw := peer(t, training, validation, "read", result.Checkpoint, t.TempDir())
	if saw.Step != 4 || saw.Steps != 8 || saw.Logged != 6 {
		t.Errorf("it went from step %d to %d, and had %d lines of log; want 4, 8 and 6", saw.Step, saw.Steps, saw.Logged)
	}
	if math.Abs(saw.EvalLoss-loss.Loss) > 1e-4*loss.Loss || math.Abs(saw.BestMetric-result.BestLoss) > 1e-12 {
		t.Errorf("it found the loss %v and the best %v, ours are %v and %v", saw.EvalLoss, saw.BestMetric, loss.Loss, result.BestLoss)
	}
}
