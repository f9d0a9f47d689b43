package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"
)

// kernelspec is a kernel.json: how Jupyter starts a kernel and what it calls it
// (https://jupyter-client.readthedocs.io/en/stable/kernels.html).
type kernelspec struct {
	Argv          []string       `json:"argv"`
	DisplayName   string         `json:"display_name"`
	Language      string         `json:"language"`
	InterruptMode string         `json:"interrupt_mode"` // message: on the control channel, not as a signal
	Metadata      map[string]any `json:"metadata"`
	// Env has what libgomp reads when it is loaded, which is before any code of an executable that links it: its threads shall not
	// spin while they wait, or two programs on the same cores slow each other down many times over.
	Env map[string]string `json:"env"`
}

// owner marks, in the metadata, the kernelspecs that are ours.
const owner = "paperlab"

const specFile = "kernel.json"

// newKernelspec describes the kernel that an executable runs.
func newKernelspec(executable, name string) kernelspec {
	display := "Go (Paperlab)"
	if name != owner {
		display = fmt.Sprintf("Go (Paperlab as %s)", name)
	}
	return kernelspec{
		Argv:        []string{executable, "kernel", "run", "{connection_file}"},
		DisplayName: display, Language: "go", InterruptMode: "message",
		Metadata: map[string]any{"installed_by": owner, "debugger": false},
		Env:      map[string]string{"OMP_WAIT_POLICY": "passive"},
	}
}

// state of a kernelspec's folder.
type state int

const (
	absent  state = iota
	ours          // written by this command
	foreign       // somebody else's
)

// lookAt says what is in the folder of a kernelspec.
func lookAt(dir string) (kernelspec, state, error) {
	data, err := os.ReadFile(filepath.Join(dir, specFile))
	if errors.Is(err, fs.ErrNotExist) {
		return kernelspec{}, absent, nil
	}
	if err != nil {
		return kernelspec{}, absent, err
	}
	var spec kernelspec
	if json.Unmarshal(data, &spec) != nil || spec.Metadata["installed_by"] != owner || len(spec.Argv) == 0 {
		return kernelspec{}, foreign, nil
	}
	return spec, ours, nil
}

// write puts the kernelspec into its folder. The file by which Jupyter knows it comes last, so that it is whole.
func (spec kernelspec) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	files, err := logos()
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := renameio.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(spec, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, specFile), append(data, '\n'), 0o644)
}

// place is where a kernelspec goes, as the flags say.
type place struct {
	user, sysPrefix bool
	prefix, name    string
	json            bool
}

func (p *place) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&p.user, "user", false, "for the current user: in $JUPYTER_DATA_DIR or the home folder (the default)")
	cmd.Flags().StringVar(&p.prefix, "prefix", "", "under DIR/share/jupyter")
	cmd.Flags().BoolVar(&p.sysPrefix, "sys-prefix", false, "in the active Python environment, or that of the python on the PATH")
	cmd.Flags().StringVar(&p.name, "as", owner, "name of the kernel, such as gophernotes to take its place")
	cmd.Flags().BoolVar(&p.json, "json", false, "print JSON")
	cmd.MarkFlagsMutuallyExclusive("user", "prefix", "sys-prefix")
}

// kernelName is what Jupyter allows.
var kernelName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// dir returns the kernelspec's folder.
func (p *place) dir(cmd *cobra.Command) (string, error) {
	if !kernelName.MatchString(p.name) || strings.Trim(p.name, ".") == "" {
		return "", misuse{fmt.Errorf("--as %q: want a name of letters, digits, '.', '_' and '-'", p.name)}
	}
	if cmd.Flags().Changed("prefix") && p.prefix == "" {
		return "", misuse{errors.New("--prefix: want a folder")}
	}
	data, err := p.dataDir(cmd.Context())
	if err != nil {
		return "", err
	}
	data, err = filepath.Abs(data)
	return filepath.Join(data, "kernels", p.name), err
}

// misuse marks an error as the caller's misuse of the command line.
type misuse struct{ error }

func (misuse) Usage() bool     { return true }
func (e misuse) Unwrap() error { return e.error }

// hinted adds to an error what to do about it.
type hinted struct {
	error
	hint string
}

func (e hinted) Hint() string  { return e.hint }
func (e hinted) Unwrap() error { return e.error }
