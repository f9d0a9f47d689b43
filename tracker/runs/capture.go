package runs

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"paperlab/tracker"
)

const (
	gitTimeout = 5 * time.Second
	maxDiff    = 1 << 20 // bytes
)

// captureSource notes where the run comes from. What cannot be found out is left empty: a run must not fail for it.
func captureSource(ctx context.Context) tracker.Source {
	source := tracker.Source{Command: quote(os.Args)}
	source.Dir, _ = os.Getwd()
	ctx, cancel := context.WithTimeout(ctx, gitTimeout)
	defer cancel()
	commit, err := git(ctx, "rev-parse", "--verify", "HEAD")
	if err != nil {
		return source
	}
	source.Commit = strings.TrimSpace(commit)
	diff, err := git(ctx, "diff", "--no-color", "--no-ext-diff", "--no-textconv", "HEAD")
	switch {
	case err != nil:
		source.Diff = "(not captured: git diff: " + err.Error() + ")"
	case len(diff) > maxDiff:
		source.Diff = diff[:maxDiff] + fmt.Sprintf("\n(cut here: the diff is %d bytes long)\n", len(diff))
	default:
		source.Diff = diff
	}
	return source
}

// git asks git without letting it write, or run what a repository's configuration names.
func git(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", append([]string{"-c", "core.fsmonitor=false", "--no-optional-locks"}, args...)...)
	command.WaitDelay = time.Second
	output, err := command.Output()
	return string(output), err
}

var plainArgument = regexp.MustCompile(`^[\w@%+=:,./-]+$`)

// quote writes a command line as a POSIX shell reads it.
func quote(args []string) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		if quoted[i] = arg; !plainArgument.MatchString(arg) {
			quoted[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// captureMachine notes what the run runs on, and the versions of what it is built from.
func captureMachine() tracker.Machine {
	host, _ := os.Hostname()
	env := map[string]string{
		"go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH, "cpus": fmt.Sprint(runtime.NumCPU()),
	}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			env[module.Path] = module.Version
		}
	}
	return tracker.Machine{
		Host: host,
		CPU:  strings.Join(slices.Compact(describe("/proc/cpuinfo", "model name")), ", "),
		GPU:  strings.Join(describe("/proc/driver/nvidia/gpus/*/information", "Model"), ", "),
		Env:  env,
	}
}

// describe returns the values that files of "name : value" lines, as the kernel writes them, give to a name.
func describe(pattern, name string) (values []string) {
	files, _ := filepath.Glob(pattern)
	for _, file := range files {
		content, _ := os.ReadFile(file)
		for line := range strings.Lines(string(content)) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
				values = append(values, strings.TrimSpace(value))
			}
		}
	}
	return values
}
