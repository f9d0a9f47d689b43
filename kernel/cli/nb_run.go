package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

// NewKernel makes what runs the cells of a notebook. While it is open it may take what is written to the process's
// standard output and error.
type NewKernel func() (Kernel, error)

// Kernel runs cells until it is closed.
type Kernel interface {
	headless.Kernel
	Close() error
}

// NotebookRun returns the verb that runs a notebook.
func NotebookRun(newKernel NewKernel) *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a notebook, cell by cell",
		Long: `Run a notebook, cell by cell, in its own folder, and save it with its outputs after each cell. What cells put out is shown as it
comes. At a cell that fails the run ends with exit status 1, unless the cell is tagged raises-exception. Parameters are set in a cell behind the
one that is tagged parameters, as papermill does, by the types that are declared there.`,
		Example: `  paperlab nb run notebooks/summarize.ipynb
  paperlab nb run notebooks/summarize.ipynb -p epochs=1 -p data=papers.jsonl -o out.ipynb --timeout 30m`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := runNotebook(cmd, args[0], flags, newKernel); err != nil {
				return fmt.Errorf("nb run %s: %w", args[0], err)
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVarP(&flags.parameters, "param", "p", nil, "set a parameter: name=value (repeat for more)")
	cmd.Flags().StringVarP(&flags.out, "out", "o", "", "file to save to (default: FILE itself)")
	cmd.Flags().DurationVar(&flags.timeout, "timeout", 0, "interrupt a cell that runs longer: 90s, 30m (default: never)")
	cmd.Flags().BoolVar(&flags.allowErrors, "allow-errors", false, "go on behind cells that fail")
	cmd.Flags().BoolVar(&flags.json, "json", false, "print JSON, one object for each thing that happens")
	return cmd
}

type runFlags struct {
	parameters        []string
	out               string
	timeout           time.Duration
	allowErrors, json bool
}

// NotebookVariable is the environment variable by which a kernel knows where its notebook lies, as Jupyter's server sets it.
const NotebookVariable = "JPY_SESSION_NAME"

// patience is for an interrupted training that saves a large checkpoint to a slow disk.
const patience = 30 * time.Second

func runNotebook(cmd *cobra.Command, path string, flags runFlags, newKernel NewKernel) (err error) {
	nb, err := nbformat.Read(path)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	if err := headless.Inject(nb, flags.parameters, random); err != nil {
		return err
	}
	if flags.out == "" {
		flags.out = path
	}
	saved, err := filepath.Abs(flags.out)
	if err != nil {
		return err
	}
	stdout, stderr, err := ownStreams(cmd.OutOrStdout(), cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	if err := os.Chdir(filepath.Dir(path)); err != nil {
		return err
	}
	if err := os.Setenv(NotebookVariable, saved); err != nil {
		return err
	}
	kernel, err := newKernel()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kernel.Close()) }()
	options := headless.Options{
		Timeout: flags.timeout, AllowErrors: flags.allowErrors, Patience: patience, Observe: observer(stdout, stderr, flags.json),
		Now: time.Now, Random: random,
	}
	return outcome(headless.Run(cmd.Context(), nb, saved, kernel, options), flags.out, stderr)
}

// observer shows what happens: as JSON, on a terminal in place, else as lines.
func observer(stdout, stderr io.Writer, asJSON bool) func(headless.Event) {
	if asJSON {
		return events{stdout}.observe
	}
	out, ok := stdout.(*os.File)
	if ok {
		if size, err := unix.IoctlGetWinsize(int(out.Fd()), unix.TIOCGWINSZ); err == nil && size.Col > 0 && size.Row > 0 {
			return headless.NewTerminal(stdout, int(size.Col), int(size.Row)).Observe
		}
	}
	return headless.NewPlain(stdout, stderr, time.Now).Observe
}

// ownStreams keeps the command's own output apart from what is written to the process's: a kernel takes that.
func ownStreams(out, err io.Writer) (stdout, stderr io.Writer, _ error) {
	stdout, outErr := own(out)
	stderr, errErr := own(err)
	return stdout, stderr, errors.Join(outErr, errErr)
}

// own returns a copy of a file that is the process's standard output or error, and any other writer as it is. The copy
// lives as long as the process.
func own(w io.Writer) (io.Writer, error) {
	file, ok := w.(*os.File)
	if !ok || file != os.Stdout && file != os.Stderr {
		return w, nil
	}
	fd, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, fmt.Errorf("copying %s: %w", file.Name(), err)
	}
	return os.NewFile(uintptr(fd), file.Name()), nil
}

// outcome says where the notebook is, and adds that to the error of a run that has ended early.
func outcome(err error, out string, stderr io.Writer) error {
	var failed *headless.CellError
	switch {
	case err == nil:
		fmt.Fprintln(stderr, "saved", out)
		return nil
	case errors.As(err, &failed), errors.Is(err, context.Canceled):
		return endedEarly{err, out}
	}
	return err
}

// endedEarly is the error of a run of which a part is saved.
type endedEarly struct {
	error
	out string
}

// Unwrap gives the error.
func (e endedEarly) Unwrap() error { return e.error }

// Hint says where the outputs are.
func (e endedEarly) Hint() string { return "what was put out so far is in " + e.out }
