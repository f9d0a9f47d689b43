package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Probe is what paperlab-native says of its libraries, on its hidden verb "probe".
type Probe struct {
	Threads     int    `json:"threads"`
	CUDADevices int    `json:"cuda_devices"`
	Torch       string `json:"torch"` // Works, or the error of a small product
	FAISS       string `json:"faiss"` // likewise of a small search
}

// Works is what a library says of itself in a [Probe] when it computed the right thing.
const Works = "works"

// setUp mends whatever is wrong with the libraries.
const setUp = "make setup && make build"

// probe runs paperlab-native, which fails to start where a library is missing.
func probe(ctx context.Context) (Probe, error) {
	var p Probe
	native, err := nativeExecutable()
	if err != nil {
		return p, err
	}
	cmd := exec.CommandContext(ctx, native, "probe")
	cmd.Env = nativeEnvironment()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return p, fmt.Errorf("%s does not start: %s", filepath.Base(native), firstLine(stderr.String(), err))
	}
	if err := json.Unmarshal(out, &p); err != nil {
		return p, fmt.Errorf("%s probe: %w", filepath.Base(native), err)
	}
	return p, nil
}

func firstLine(stderr string, err error) string {
	if line, _, _ := strings.Cut(strings.TrimSpace(stderr), "\n"); line != "" {
		return line
	}
	return err.Error()
}

func libtorch(ctx context.Context) (found, mend string) {
	return library(ctx, func(p Probe) (verdict, is string) {
		if p.CUDADevices == 0 && hasNVIDIADriver() {
			return "2.1.2 for the processor only, beside an NVIDIA GPU", ""
		}
		return p.Torch, fmt.Sprintf("2.1.2, %d threads, %d CUDA devices", p.Threads, p.CUDADevices)
	})
}

func faiss(ctx context.Context) (found, mend string) {
	return library(ctx, func(p Probe) (verdict, is string) { return p.FAISS, faissVersion() + "flat L2" })
}

// faissVersion reads the version off the folder that set-up linked, faiss-1.7.3, since FAISS 1.7 does not say it; Ubuntu's is another than
// Debian's. Empty where the library comes from elsewhere.
func faissVersion() string {
	native, err := nativeExecutable()
	if err != nil {
		return ""
	}
	folder, err := filepath.EvalSymlinks(filepath.Join(filepath.Dir(native), "..", "faiss"))
	if err != nil {
		return ""
	}
	version, ok := strings.CutPrefix(filepath.Base(folder), "faiss-")
	if !ok {
		return ""
	}
	return version + ", "
}

// library asks for one library's part of the probe.
func library(ctx context.Context, part func(Probe) (verdict, is string)) (found, mend string) {
	p, err := probe(ctx)
	if err != nil {
		return err.Error(), setUp
	}
	verdict, is := part(p)
	if verdict != Works {
		return verdict, setUp
	}
	return is, ""
}
