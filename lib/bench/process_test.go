package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stub is a shell script that stands in for this program as a measuring process.
func stub(t *testing.T, script string) *processes {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bench")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return &processes{inputs: "/in puts", progress: t.Output(), self: path}
}

func TestAMeasurementIsTheLastLineThatItsProcessPrints(t *testing.T) {
	p := stub(t, `[ "$1 $2 $3 $OMP_WAIT_POLICY" = "measure rouge /in puts passive" ] || exit 3
echo a greeting
echo '{"seconds": 2, "peak_mb": 3, "answer": [4]}'`)
	sample, err := p.run(t.Context(), "rouge")
	if err != nil || sample.Seconds != 2 || sample.PeakMB != 3 || len(sample.Answer) != 1 || sample.Answer[0] != 4 {
		t.Errorf("%+v, %v", sample, err)
	}
}

func TestAMeasurementThatFailsSaysWhy(t *testing.T) {
	for script, reason := range map[string]string{
		"echo Traceback >&2; echo ImportError: no torch >&2; exit 1": "no torch",
		"echo nothing much": "no measurement",
		"exit 0":            "no measurement",
		"kill -9 $$":        "killed",
	} {
		if _, err := stub(t, script).run(t.Context(), "rouge"); err == nil || !strings.Contains(err.Error(), reason) || !strings.Contains(err.Error(), "rouge") {
			t.Errorf("%s: error %v does not say %q", script, err, reason)
		}
	}
}

func TestEachTaskHasItsProgram(t *testing.T) {
	p := &processes{inputs: "in", self: "/bin/bench"}
	for task, want := range map[string]string{
		"t5-fp32":                    "/bin/bench measure t5-fp32 in",
		"bench-tracker one":          "/bin/bench-tracker in one",
		"bench-kernel sum paperlab":  ".build/peers-study/bin/python kernel/jupyter/bench/row.py in sum paperlab",
		"beams.py":                   ".build/peers-study/bin/python lib/bench/peers/beams.py in",
		"t5_step.py bf16":            ".build/peers-study/bin/python lib/bench/peers/t5_step.py in bf16",
		"tensorboard_events.py read": ".build/peers-tracker/bin/python lib/bench/peers/tensorboard_events.py in read",
		"trackio_log.py":             ".build/peers-tracker/bin/python lib/bench/peers/trackio_log.py in",
		"mlflow_log.py one":          ".build/peers-mlflow/bin/python lib/bench/peers/mlflow_log.py in one",
	} {
		if got := strings.Join(p.command(t.Context(), task).Args, " "); got != want {
			t.Errorf("%s runs %s, want %s", task, got, want)
		}
	}
}
