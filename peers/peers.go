package peers

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Environment is a Python environment in the repository's .build folder, by the name of its pins.
type Environment string

// The environments.
const (
	Study   Environment = "study"   // torch, transformers, sentence-transformers, rouge_score, FAISS at the versions of the study's time
	Tracker Environment = "tracker" // TensorBoard, pandas, DuckDB, Trackio, MLflow's 3.x client
	MLflow  Environment = "mlflow"  // MLflow with its server and stores
	MLflow2 Environment = "mlflow2" // MLflow's 2.x client
)

// setup is the command that brings an environment.
func (e Environment) setup() string {
	if e == Study || e == MLflow {
		return "./setup.sh bench"
	}
	return "make setup"
}

// Python returns the environment's interpreter. Where it is missing, the test is skipped and says how to get it.
func Python(t testing.TB, e Environment) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		python := filepath.Join(folder, ".build", "peers-"+string(e), "bin", "python")
		if _, err := os.Stat(python); err == nil {
			return python
		}
		if folder == filepath.Dir(folder) {
			t.Skipf("SKIPPED: no .build/peers-%s here: %s brings it", e, e.setup())
		}
		folder = filepath.Dir(folder)
	}
}

// Command prepares the environment's interpreter with arguments (a script and its own, or -c and a program), to be killed when the
// test ends. It has a home of its own and sees no GPU, no network and nothing of what the caller's environment tells these programs; more
// may be added to its Env. The test is skipped where the environment is missing.
func Command(t testing.TB, e Environment, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), Python(t, e), args...)
	home := t.TempDir()
	cmd.Env = []string{"HOME=" + home, "TMPDIR=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "CUDA_VISIBLE_DEVICES=",
		"OMP_WAIT_POLICY=passive", "PYTHONDONTWRITEBYTECODE=1", "TF_CPP_MIN_LOG_LEVEL=3", "MLFLOW_DISABLE_TELEMETRY=true",
		"DO_NOT_TRACK=true", "HF_HUB_OFFLINE=1"}
	return cmd
}

// Run runs a script and returns what it prints. The test fails with all that it said if it fails, and is skipped where the environment
// is missing.
func Run(t testing.TB, e Environment, script string, args ...string) string {
	t.Helper()
	return Output(t, Command(t, e, append([]string{script}, args...)...))
}

// Output runs a command of [Command] and returns what it prints. The test fails with all that it said if it fails.
func Output(t testing.TB, cmd *exec.Cmd) string {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%s%s", cmd.Args[1:], err, out.Bytes(), errs.Bytes())
	}
	return out.String()
}
