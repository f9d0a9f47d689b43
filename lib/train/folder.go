package train

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	checkpointPrefix = "checkpoint-"
	partialPrefix    = ".partial-" // a checkpoint that comes or goes; what a killed process leaves of it is swept up
	previousFolder   = "previous"  // where checkpoints go that a training does not go on from
)

// folder is Config.Output, held by one training.
type folder struct {
	dir  string
	held *os.File
}

// openFolder makes the folder where it is missing and holds it until close, or until the process ends.
func openFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("train: output folder: %w", err)
	}
	held, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("train: output folder: %w", err)
	}
	// A file system without locks is used without: they guard against a mistake.
	if err := unix.Flock(int(held.Fd()), unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		_ = held.Close()
		return nil, fmt.Errorf("train: output folder %s: another training is writing to it (wait for it, or take another folder)", dir)
	}
	f := &folder{dir: filepath.Clean(dir), held: held}
	if err := f.sweep(); err != nil {
		f.close()
		return nil, fmt.Errorf("train: output folder: %w", err)
	}
	return f, nil
}

// passive is the folder of the checkpoints as ranks see it that do not write there.
func passive(dir string) *folder { return &folder{dir: filepath.Clean(dir)} }

// sweep removes what killed processes left half done.
func (f *folder) sweep() error {
	entries, err := os.ReadDir(f.dir)
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), partialPrefix) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(f.dir, entry.Name())))
		}
	}
	return err
}

// close lets another training have the folder. Closing the descriptor is what releases it.
func (f *folder) close() { _ = f.held.Close() }

// checkpoint is the path of a step's checkpoint.
func (f *folder) checkpoint(step int) string {
	return filepath.Join(f.dir, checkpointPrefix+strconv.Itoa(step))
}

// add makes the checkpoint of a step, which must not exist: write fills a folder beside it, which is renamed when all of it is on disk.
func (f *folder) add(step int, write func(dir string) error) (string, error) {
	saving, err := os.MkdirTemp(f.dir, partialPrefix)
	if err != nil {
		return "", err
	}
	dir := f.checkpoint(step)
	err = os.Chmod(saving, 0o755)
	for _, next := range []func() error{
		func() error { return write(saving) },
		func() error { return seal(saving) },
		func() error { return os.Rename(saving, dir) },
		func() error { return sync(f.dir) },
	} {
		if err == nil {
			err = next()
		}
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(saving))
	}
	return dir, nil
}

// Checkpoints returns the checkpoints of an output folder, whole or not, by rising step. A folder that does not exist has none.
func Checkpoints(output string) ([]string, error) {
	steps, err := stepsIn(output)
	if err != nil {
		return nil, err
	}
	f := folder{dir: output}
	dirs := make([]string, len(steps))
	for i, step := range steps {
		dirs[i] = f.checkpoint(step)
	}
	return dirs, nil
}

func stepsIn(output string) ([]int, error) {
	entries, err := os.ReadDir(output)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("train: checkpoints: %w", err)
	}
	var steps []int
	for _, entry := range entries {
		text, ok := strings.CutPrefix(entry.Name(), checkpointPrefix)
		step, err := strconv.Atoi(text)
		if ok && err == nil && strconv.Itoa(step) == text && entry.IsDir() {
			steps = append(steps, step)
		}
	}
	slices.Sort(steps)
	return steps, nil
}

// latest returns the newest checkpoint that is whole, and what is wrong with those that are newer.
func (f *folder) latest() (dir string, broken []error, err error) {
	dirs, err := Checkpoints(f.dir)
	if err != nil {
		return "", nil, err
	}
	for _, dir := range slices.Backward(dirs) {
		err := Verify(dir)
		if err == nil {
			return dir, broken, nil
		}
		broken = append(broken, err)
	}
	nothing := fmt.Errorf("train: resume: no whole checkpoint in %s (start without resuming)", f.dir)
	return "", nil, errors.Join(append([]error{nothing}, broken...)...)
}

// setAside moves the checkpoints that a training does not go on from to the folder previous, in place of what was there: all of
// them where it starts anew, or from a checkpoint of another folder; else those after it.
func (f *folder) setAside(resumed string) error {
	steps, err := stepsIn(f.dir)
	if err != nil {
		return err
	}
	after := f.stepOf(resumed)
	steps = slices.DeleteFunc(steps, func(step int) bool { return step <= after })
	if len(steps) == 0 {
		return nil
	}
	previous := filepath.Join(f.dir, previousFolder)
	if (&folder{dir: previous}).stepOf(resumed) >= 0 {
		return fmt.Errorf("train: %s would have to make room for the checkpoints of %s (move it out of there first)", resumed, f.dir)
	}
	if err := os.RemoveAll(previous); err != nil {
		return fmt.Errorf("train: earlier checkpoints: %w", err)
	}
	if err := os.MkdirAll(previous, 0o755); err != nil {
		return fmt.Errorf("train: earlier checkpoints: %w", err)
	}
	for _, step := range steps {
		from := f.checkpoint(step)
		if err := os.Rename(from, filepath.Join(previous, filepath.Base(from))); err != nil {
			return fmt.Errorf("train: earlier checkpoints: %w", err)
		}
	}
	return nil
}

// stepOf returns the step of a checkpoint in this folder, -1 for any other path.
func (f *folder) stepOf(checkpoint string) int {
	text, named := strings.CutPrefix(filepath.Base(checkpoint), checkpointPrefix)
	step, err := strconv.Atoi(text)
	here, errHere := os.Stat(f.dir)
	there, errThere := os.Stat(filepath.Dir(checkpoint))
	if !named || errors.Join(err, errHere, errThere) != nil || !os.SameFile(here, there) {
		return -1
	}
	return step
}

// SetAside moves the checkpoints of an output folder to the folder previous in it, in place of what was there, as a new training does when it
// starts. A folder that another training is writing to is refused.
func SetAside(output string) error {
	f, err := openFolder(output)
	if err != nil {
		return err
	}
	defer f.close()
	return f.setAside("")
}
