package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/kernel/cli"
)

// kernelVerb calls a verb under kernel and returns what it printed.
func kernelVerb(t *testing.T, args ...string) (string, error) {
	t.Helper()
	root := cli.KernelCommand(&cobra.Command{Use: "run"})
	root.SilenceUsage, root.SilenceErrors = true, true
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// elsewhere points everything that says where kernels go to folders of the test.
func elsewhere(t *testing.T) (home string) {
	t.Helper()
	home = t.TempDir()
	t.Setenv("HOME", home)
	for _, variable := range []string{"JUPYTER_DATA_DIR", "XDG_DATA_HOME", "VIRTUAL_ENV", "CONDA_PREFIX"} {
		t.Setenv(variable, "")
	}
	return home
}

func TestTheKernelIsInstalledWhereJupyterLooks(t *testing.T) {
	for name, c := range map[string]struct {
		variable string // that is set to a folder, if any
		args     []string
		dir      string // below the folder
	}{
		"for the user":               {"HOME", nil, ".local/share/jupyter/kernels/paperlab"},
		"for the user, said so":      {"HOME", []string{"--user"}, ".local/share/jupyter/kernels/paperlab"},
		"in XDG's data folder":       {"XDG_DATA_HOME", nil, "jupyter/kernels/paperlab"},
		"in Jupyter's data folder":   {"JUPYTER_DATA_DIR", nil, "kernels/paperlab"},
		"in a virtual environment":   {"VIRTUAL_ENV", []string{"--sys-prefix"}, "share/jupyter/kernels/paperlab"},
		"in conda's environment":     {"CONDA_PREFIX", []string{"--sys-prefix"}, "share/jupyter/kernels/paperlab"},
		"in the environment on PATH": {"PATH", []string{"--sys-prefix"}, "prefix/share/jupyter/kernels/paperlab"},
		"under another name":         {"JUPYTER_DATA_DIR", []string{"--as", "gophernotes"}, "kernels/gophernotes"},
	} {
		t.Run(name, func(t *testing.T) {
			elsewhere(t)
			folder := t.TempDir()
			t.Setenv(c.variable, folder)
			python := "#!/bin/sh\necho " + folder + "/prefix\n"
			if err := os.WriteFile(filepath.Join(folder, "python3"), []byte(python), 0o755); err != nil {
				t.Fatal(err)
			}
			out, err := kernelVerb(t, append([]string{"install"}, c.args...)...)
			dir := filepath.Join(folder, c.dir)
			if err != nil || !strings.Contains(out, dir) {
				t.Fatalf("%q, %v, want %s", out, err, dir)
			}
			checkSpec(t, dir)
			if _, err := kernelVerb(t, append([]string{"install"}, c.args...)...); err != nil {
				t.Errorf("again: %v", err)
			}
			if _, err := kernelVerb(t, append([]string{"uninstall"}, c.args...)...); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is still there: %v", dir, err)
			}
		})
	}
}

// checkSpec looks at what is in a kernelspec's folder.
func checkSpec(t *testing.T, dir string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Argv          []string
		DisplayName   string `json:"display_name"`
		Language      string
		InterruptMode string `json:"interrupt_mode"`
	}
	if err := json.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	if len(spec.Argv) != 4 || !filepath.IsAbs(spec.Argv[0]) || strings.Join(spec.Argv[1:], " ") != "kernel run {connection_file}" ||
		spec.DisplayName == "" || spec.Language != "go" || spec.InterruptMode != "message" {
		t.Errorf("%s", data)
	}
	for name, size := range map[string]int{"logo-32x32.png": 32, "logo-64x64.png": 64} {
		file, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		picture, err := png.Decode(file)
		if err != nil || picture.Bounds().Dx() != size || picture.Bounds().Dy() != size {
			t.Errorf("%s: %v", name, err)
		}
	}
	if svg, err := os.ReadFile(filepath.Join(dir, "logo-svg.svg")); err != nil || !bytes.HasPrefix(svg, []byte("<svg")) {
		t.Errorf("%.40s, %v", svg, err)
	}
}

func TestInstallPrintsJSON(t *testing.T) {
	prefix := filepath.Join(elsewhere(t), "prefix")
	out, err := kernelVerb(t, "install", "--prefix", prefix, "--json")
	var said struct{ Name, Dir, Done string }
	if jsonErr := json.Unmarshal([]byte(out), &said); err != nil || jsonErr != nil || said.Name != "paperlab" || said.Dir != prefix+"/share/jupyter/kernels/paperlab" {
		t.Errorf("%s, %v, %v", out, err, jsonErr)
	}
}

func TestAnotherKernelIsLeftAlone(t *testing.T) {
	home := elsewhere(t)
	dir := filepath.Join(home, "share/jupyter/kernels/gophernotes")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "kernel.json")
	if err := os.WriteFile(file, []byte(`{"argv":["gophernotes"]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"install", "uninstall"} {
		if out, err := kernelVerb(t, verb, "--prefix", home, "--as", "gophernotes"); err == nil {
			t.Errorf("%s: %s", verb, out)
		}
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != `{"argv":["gophernotes"]}` {
		t.Errorf("%s, %v", data, err)
	}
}

func TestUninstallKeepsWhatIsNotOurs(t *testing.T) {
	home := elsewhere(t)
	if _, err := kernelVerb(t, "install", "--prefix", home); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(home, "share/jupyter/kernels/paperlab/note.txt")
	if err := os.WriteFile(note, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := kernelVerb(t, "uninstall", "--prefix", home); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(note), "*")); err != nil || len(left) != 1 || left[0] != note {
		t.Errorf("left: %q, %v", left, err)
	}
}

func TestInstallSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		want   string
		misuse bool
	}{
		"a name with a slash":     {[]string{"install", "--as", "a/b"}, `--as "a/b": want a name`, true},
		"a name of dots":          {[]string{"install", "--as", ".."}, `--as "..": want a name`, true},
		"an empty prefix":         {[]string{"install", "--prefix", ""}, "--prefix: want a folder", true},
		"two places":              {[]string{"install", "--user", "--sys-prefix"}, "none of the others can be", false},
		"nothing to uninstall":    {[]string{"uninstall"}, "there is no kernel in ", false},
		"no Python":               {[]string{"install", "--sys-prefix"}, "no python on the PATH", false},
		"a folder that is a file": {[]string{"install", "--prefix", "/dev/null"}, "not a directory", false},
	} {
		t.Run(name, func(t *testing.T) {
			elsewhere(t)
			t.Setenv("PATH", "/nowhere")
			_, err := kernelVerb(t, c.args...)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%v, want %s", err, c.want)
			}
			var misuse interface{ Usage() bool }
			if errors.As(err, &misuse) != c.misuse {
				t.Errorf("%v: misuse %t", err, !c.misuse)
			}
		})
	}
}

func TestTheDoctorFindsTheKernel(t *testing.T) {
	home := elsewhere(t)
	t.Setenv("PATH", "/nowhere")
	t.Setenv("JUPYTER_PATH", "")
	if found, mend := cli.Installed(t.Context()); found != "not installed" || mend != "paperlab kernel install" {
		t.Errorf("found %q, mend %q", found, mend)
	}
	if _, err := kernelVerb(t, "install", "--as", "go"); err != nil {
		t.Fatal(err)
	}
	kernels := filepath.Join(home, ".local/share/jupyter/kernels")
	if found, mend := cli.Installed(t.Context()); found != "go in "+kernels || mend != "" {
		t.Errorf("found %q, mend %q", found, mend)
	}
	spec := filepath.Join(kernels, "go/kernel.json")
	data, err := os.ReadFile(spec)
	if err != nil {
		t.Fatal(err)
	}
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	moved := bytes.Replace(data, []byte(executable), []byte("/nowhere/paperlab"), 1)
	if err := os.WriteFile(spec, moved, 0o644); err != nil {
		t.Fatal(err)
	}
	if found, mend := cli.Installed(t.Context()); !strings.Contains(found, "points to /nowhere/paperlab, which is not there") || mend == "" {
		t.Errorf("found %q, mend %q", found, mend)
	}
}
