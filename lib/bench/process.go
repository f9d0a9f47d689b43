package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"paperlab/lib/bench/table"
	"paperlab/lib/console"
)

// processes runs tasks: the name of one of our measurements, or a program and its argument ("t5_step.py fp32").
type processes struct {
	inputs   string
	progress io.Writer
	self     string
}

func newProcesses(inputs string, progress io.Writer) (*processes, error) {
	for _, python := range []string{peers, peersMLflow, peersTracker} {
		if _, err := os.Stat(python); err != nil {
			return nil, console.Hint(fmt.Errorf("bench: the peers are not here: %w", err), "run lib/bench/run.sh in the repository's root, after ./setup.sh bench")
		}
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	return &processes{inputs: inputs, progress: progress, self: self}, nil
}

// run is a [table.Runner].
func (p *processes) run(ctx context.Context, task string) (table.Sample, error) {
	c := p.command(ctx, task)
	c.Env = append(os.Environ(), environment...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	fmt.Fprintf(p.progress, "%s ...", task)
	sample, err := read(c.Run(), stdout.String(), stderr.String())
	if err != nil {
		fmt.Fprintln(p.progress, " failed")
		return sample, fmt.Errorf("%s: %w", task, err)
	}
	fmt.Fprintf(p.progress, " %.3g s\n", sample.Seconds)
	return sample, nil
}

// The peers' Pythons, from the repository's root; setup.sh bench brings them.
const (
	peers        = ".build/peers-study/bin/python"
	peersMLflow  = ".build/peers-mlflow/bin/python"
	peersTracker = ".build/peers-tracker/bin/python"
)

func (p *processes) command(ctx context.Context, task string) *exec.Cmd {
	program, arguments := strings.Fields(task)[0], strings.Fields(task)[1:]
	onInputs := append([]string{p.inputs}, arguments...)
	python := func(python string) *exec.Cmd {
		return exec.CommandContext(ctx, python, append([]string{filepath.Join("lib/bench/peers", program)}, onInputs...)...)
	}
	switch {
	case strings.HasPrefix(program, "mlflow_"):
		return python(peersMLflow)
	case strings.HasPrefix(program, "tensorboard_"), strings.HasPrefix(program, "trackio_"):
		return python(peersTracker)
	case program == "bench-kernel": // through a client in Python for both sides
		return exec.CommandContext(ctx, peers, append([]string{"kernel/jupyter/bench/row.py"}, onInputs...)...)
	case strings.HasSuffix(program, ".py"):
		return python(peers)
	case program == "bench-tracker":
		return exec.CommandContext(ctx, filepath.Join(filepath.Dir(p.self), program), onInputs...)
	}
	return exec.CommandContext(ctx, p.self, "measure", program, p.inputs)
}

// environment is that of both sides. Programs whose threads spin while they wait slow their neighbours; and nothing here needs
// a network.
var environment = []string{
	"OMP_WAIT_POLICY=passive", "HF_HUB_OFFLINE=1", "MLFLOW_DISABLE_TELEMETRY=true", "DO_NOT_TRACK=true",
}

// read returns the sample in the last line that a process printed, or why there is none.
func read(ended error, stdout, stderr string) (sample table.Sample, err error) {
	if ended != nil {
		if reason := lastLine(stderr); reason != "" {
			return sample, fmt.Errorf("%w: %s", ended, reason)
		}
		return sample, ended
	}
	if err := json.Unmarshal([]byte(lastLine(stdout)), &sample); err != nil {
		return sample, fmt.Errorf("printed no measurement: %w", err)
	}
	return sample, nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
