package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// machineChecks are doctor's own.
func machineChecks() []Check {
	return []Check{
		{"processor", processor}, {"threads", threads}, {"GPU", gpu},
		{"libtorch", libtorch}, {"FAISS", faiss}, {"disk", disk},
	}
}

// processor names the instruction sets that decide which kernels run.
func processor(context.Context) (found, mend string) {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown: " + err.Error(), "Paperlab runs on Linux; .devcontainer/ gives such a machine"
	}
	model, flags := "unknown processor", map[string]bool{}
	for line := range strings.Lines(string(info)) {
		key, value, _ := strings.Cut(line, ":")
		switch strings.TrimSpace(key) {
		case "model name":
			model = strings.TrimSpace(value)
		case "flags":
			for _, f := range strings.Fields(value) {
				flags[f] = true
			}
		}
	}
	var have []string
	for _, f := range []string{"avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16"} {
		if flags[f] {
			have = append(have, f)
		}
	}
	if !flags["avx2"] || !flags["fma"] {
		return model + ", without AVX2", "libtorch and FAISS are built for AVX2: use a machine of 2013 or later"
	}
	return model + ": " + strings.Join(have, " "), ""
}

func threads(context.Context) (found, mend string) {
	found = fmt.Sprintf("%d of %d processors", runtime.GOMAXPROCS(0), runtime.NumCPU())
	if n := os.Getenv("OMP_NUM_THREADS"); n != "" {
		found += ", OMP_NUM_THREADS=" + n
	}
	return found, ""
}

// gpu reports NVIDIA's GPUs by the driver's own tool. None is no fault: everything runs on the processor.
func gpu(ctx context.Context) (found, mend string) {
	out, err := exec.CommandContext(ctx, "nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader").Output()
	if err == nil {
		return strings.ReplaceAll(strings.TrimSpace(string(out)), "\n", "; "), ""
	}
	if hasNVIDIADriver() {
		return "a driver but no answer from nvidia-smi", "reinstall the NVIDIA driver with its tools"
	}
	return "none (everything runs on the processor)", ""
}

func hasNVIDIADriver() bool {
	_, err := os.Stat("/proc/driver/nvidia/version")
	return err == nil
}

// disk asks for room for libraries and models in the cache folder, and for checkpoints here.
func disk(context.Context) (found, mend string) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err.Error(), "set HOME or XDG_CACHE_HOME"
	}
	const need = 3 << 30
	var parts []string
	for _, dir := range []struct{ name, path string }{{"cache", existing(cache)}, {"here", "."}} {
		var fs unix.Statfs_t
		if err := unix.Statfs(dir.path, &fs); err != nil {
			return fmt.Sprintf("%s: %v", dir.path, err), "check that the folder can be read"
		}
		free := fs.Bavail * uint64(fs.Bsize)
		parts = append(parts, fmt.Sprintf("%s %.1f GB free", dir.name, float64(free)/1e9))
		if free < need {
			mend = fmt.Sprintf("libraries, models and checkpoints want 3 GB in %s: free some, or set XDG_CACHE_HOME", dir.path)
		}
	}
	return strings.Join(parts, ", "), mend
}

// existing is the nearest folder upwards that is there.
func existing(path string) string {
	for {
		if _, err := os.Stat(path); err == nil || path == filepath.Dir(path) {
			return path
		}
		path = filepath.Dir(path)
	}
}
