package cli_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// install copies the test binary into a folder of its own as paperlab, and writes what lies beside it as paperlab-native.
func install(t *testing.T, native string) (paperlab string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	dir := t.TempDir()
	paperlab = filepath.Join(dir, "paperlab")
	to, err := os.OpenFile(paperlab, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if native != "" {
		if err := os.WriteFile(filepath.Join(dir, "paperlab-native"), []byte(native), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return paperlab
}

// call runs an installed command.
func call(paperlab string, args ...string) (out string, exit int) {
	cmd := exec.Command(paperlab, args...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	b, err := cmd.CombinedOutput()
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		return string(b), exited.ExitCode()
	}
	return string(b), 0
}

func TestAComputingVerbIsHandedToTheNativeExecutable(t *testing.T) {
	paperlab := install(t, "#!/bin/sh\necho \"$@\" $OMP_WAIT_POLICY\nexit 7\n")
	t.Setenv("OMP_WAIT_POLICY", "active")
	for _, args := range [][]string{{"train", "search", "--epochs", "2", "-x"}, {"embed", "--help"}, {"summarize", "a b", "-"}} {
		out, exit := call(paperlab, args...)
		if want := strings.Join(args, " ") + " active\n"; out != want || exit != 7 {
			t.Errorf("%q with exit %d, want %q and 7", out, exit, want)
		}
	}
}

func TestIdleThreadsDoNotSpinUnlessAsked(t *testing.T) {
	paperlab := install(t, "#!/bin/sh\necho $OMP_WAIT_POLICY\n")
	t.Setenv("OMP_WAIT_POLICY", "") // restores it behind the test
	os.Unsetenv("OMP_WAIT_POLICY")
	if out, _ := call(paperlab, "init"); out != "passive\n" {
		t.Errorf("OMP_WAIT_POLICY is %q", out)
	}
}

func TestAMissingOrBrokenNativeExecutableIsAnErrorWithAMend(t *testing.T) {
	for name, c := range map[string]struct{ native, says string }{
		"missing": {"", "paperlab-native is missing"},
		"broken":  {"no program", "exec format error"},
	} {
		t.Run(name, func(t *testing.T) {
			out, exit := call(install(t, c.native), "embed")
			if exit != 1 || !strings.Contains(out, c.says) || !strings.Contains(out, "make setup && make build") {
				t.Errorf("exit %d: %s", exit, out)
			}
		})
	}
}

func TestDoctorAsksTheNativeExecutable(t *testing.T) {
	for name, c := range map[string]struct{ native, says string }{
		"both work":         {`echo '{"threads":8,"cuda_devices":0,"torch":"works","faiss":"works"}'`, "8 threads"},
		"one is wrong":      {`echo '{"threads":8,"torch":"a product is 17, not 18","faiss":"works"}'`, "a product is 17"},
		"it does not start": {"echo libtorch_cpu.so: cannot open >&2; exit 127", "does not start: libtorch_cpu.so: cannot open"},
		"it says nonsense":  {"echo yes", "paperlab-native probe: "},
	} {
		t.Run(name, func(t *testing.T) {
			out, exit := call(install(t, "#!/bin/sh\n"+c.native+"\n"), "doctor")
			if exit != 0 || !strings.Contains(out, c.says) {
				t.Errorf("exit %d: %s", exit, out)
			}
		})
	}
}
