package peers

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Environment is a Python environment in the repository's .build folder.
type Environment string

// The environments that setup.sh makes, and the one with all of MLflow that lib/bench/setup.sh makes.
const (
	Current Environment = "tracker-peers"         // TensorBoard, pandas, DuckDB, Trackio, MLflow's 3.x client
	MLflow2 Environment = "tracker-peers-mlflow2" // MLflow's 2.x client
	MLflow  Environment = "peers-mlflow"          // MLflow with its server and stores
)

// Python returns the environment's interpreter. The test is skipped, saying how to get it, where it is missing.
func Python(t testing.TB, environment Environment) string {
	t.Helper()
	setup := "make setup"
	if environment == MLflow {
		setup = "make bench"
	}
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		python := filepath.Join(folder, ".build", string(environment), "bin", "python")
		if _, err := os.Stat(python); err == nil {
			return python
		}
		if folder == filepath.Dir(folder) {
			t.Skipf("SKIPPED: no .build/%s here: %s brings it", environment, setup)
		}
		folder = filepath.Dir(folder)
	}
}

// Run runs a Python script and returns what it prints. The test fails with all that it said if it fails. Nothing in the
// environment tells the script where to log to, and it sees no GPU.
func Run(t testing.TB, environment Environment, script string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), Python(t, environment), append([]string{script}, args...)...)
	home := t.TempDir()
	cmd.Env = []string{"HOME=" + home, "TMPDIR=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "CUDA_VISIBLE_DEVICES=",
		"PYTHONDONTWRITEBYTECODE=1", "TF_CPP_MIN_LOG_LEVEL=3", "MLFLOW_DISABLE_TELEMETRY=true", "DO_NOT_TRACK=true", "HF_HUB_OFFLINE=1"}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", script, err, out.Bytes(), errs.Bytes())
	}
	return out.String()
}
