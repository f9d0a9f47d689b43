package main_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// trainingCells train a small model without end.
var trainingCells = []string{
	`import (
	"paperlab/kernel/live"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
	"paperlab/lib/summarize"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
)`,
	`papers := must(dataset.Split(ctx, "papers.jsonl", corpus.Sizes{Train: 8, Validation: 2, Test: 2}, 42, nil))
model := must(summarize.Load("tiny", tensor.CPU))
how := t5.Preparation{Prefix: "summarize: ", MaxInput: 48, MaxTarget: 24}
training := must(model.Examples(ctx, papers.Train, how))
validation := must(model.Examples(ctx, papers.Validation, how))`,
	`config := train.Config{Output: "checkpoints", Epochs: 1000000, BatchSize: 8, LearningRate: 1e-3, LogEvery: 1, SaveLimit: 2}
record := hook.NewRecord(must(runs.Open(ctx, "")), runs.Options{Name: "notebook", Params: config.Params()})
must(model.Train(ctx, training, validation, config, live.Training(), record.Hook))`,
}

// newNotebook saves a notebook of code cells.
func newNotebook(t *testing.T, path string, sources ...string) {
	t.Helper()
	type cell struct {
		Type     string         `json:"cell_type"`
		Source   string         `json:"source"`
		Metadata map[string]any `json:"metadata"`
		Outputs  []any          `json:"outputs"`
		Count    *int           `json:"execution_count"`
	}
	cells := []cell{}
	for _, source := range sources {
		cells = append(cells, cell{"code", source, map[string]any{}, []any{}, nil})
	}
	data, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 4, "metadata": map[string]any{}, "cells": cells})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCtrlCInANotebookKeepsTheTrainingsCheckpoint(t *testing.T) {
	dir := t.TempDir()
	newModel(t, dir)
	newNotebook(t, filepath.Join(dir, "train.ipynb"), trainingCells...)
	cmd := command(t, dir, "nb", "run", "train.ipynb", "--json")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// The table of the training is redrawn once there is something in it.
	events, interrupted := bufio.NewReader(stdout), false
	for {
		line, err := events.ReadString('\n')
		if err != nil {
			break
		}
		if !interrupted && strings.Contains(line, `"event":"update"`) && strings.Contains(line, "validation loss") {
			interrupted = true
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	err = cmd.Wait()
	var exited *exec.ExitError
	if !interrupted || !errors.As(err, &exited) || exited.ExitCode() != 1 || !strings.Contains(stderr.String(), "interrupted") {
		t.Fatalf("%v, want exit 1 behind an interrupt:\n%s", err, stderr.String())
	}
	if runs := recorded(t, dir); len(runs) != 1 || runs[0].Name != "notebook" || runs[0].Status != "killed" {
		t.Errorf("recorded %+v", runs)
	}
	if kept, err := filepath.Glob(filepath.Join(dir, "checkpoints", "checkpoint-*", "model.safetensors")); err != nil || len(kept) == 0 {
		t.Errorf("no checkpoint was kept (%v):\n%s", err, stderr.String())
	}
	if saved := run(t, dir, "nb", "export", "--html", "train.ipynb"); saved != "train.html\n" {
		t.Errorf("exported %q", saved)
	}
}
