package npy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"syscall"

	"github.com/google/renameio/v2"
)

// Growing is a matrix that is being written. Until [Growing.Finish] gives it its name it lies in a file of that name
// with ".part" behind it, beside ".part.json", which says how much of it is on the disk: what a killed process left
// behind that is cut off. It is one goroutine's, and its file is one process's.
type Growing struct {
	path  string
	file  *os.File
	state state
	sum   hash.Hash // of the vectors
}

// state is what .part.json holds.
type state struct {
	Of   string `json:"of"`
	Dim  int    `json:"dim"`
	Rows int    `json:"rows"`
	Mark string `json:"mark"`
	Sum  string `json:"sha256"` // of the vectors
}

func (s state) String() string { return fmt.Sprintf("%s, %d components", s.Of, s.Dim) }

// Why a matrix cannot go on, to be found by errors.Is.
var (
	ErrOther = errors.New("it was begun with something else")
	ErrBusy  = errors.New("another process is writing it")
)

// Grow begins a matrix of vectors of dim components, or goes on with the one that was left at path + ".part". What the vectors are of,
// such as the model that makes them, is said by of: [ErrOther] comes back where it differs from what was begun, [ErrBusy] where
// somebody else is at it. The caller closes it.
func Grow(path string, dim int, of string) (*Growing, error) {
	file, err := os.OpenFile(path+".part", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	g := &Growing{path: path, file: file, state: state{Of: of, Dim: dim}, sum: sha256.New()}
	if err := g.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("npy: %s: %w", file.Name(), err), file.Close())
	}
	return g, nil
}

func (g *Growing) open() error {
	if err := syscall.Flock(int(g.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return ErrBusy
	}
	info, err := g.file.Stat()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(g.statePath())
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return g.begin()
	}
	if err != nil {
		return err
	}
	found := state{Rows: -1}
	if err := json.Unmarshal(text, &found); err != nil || found.Rows < 0 {
		return fmt.Errorf("damaged: %s says nothing of it (remove it to begin anew)", g.statePath())
	}
	if found.Of != g.state.Of || found.Dim != g.state.Dim {
		return fmt.Errorf("%w: %s, where %s is asked for (remove it to begin anew)", ErrOther, found, g.state)
	}
	g.state = found
	return g.verify()
}

func (g *Growing) statePath() string { return g.path + ".part.json" }

// begin starts with no vectors. The file comes before the state: a state without its vectors would be damaged.
func (g *Growing) begin() error {
	if err := g.file.Truncate(0); err != nil {
		return err
	}
	if _, err := g.file.WriteAt(header(0, g.state.Dim), 0); err != nil {
		return err
	}
	return g.settle("")
}

// verify cuts off what nobody acknowledged, and checks the rest.
func (g *Growing) verify() error {
	size := g.size()
	if info, err := g.file.Stat(); err != nil || info.Size() < size {
		return errors.Join(err, fmt.Errorf("damaged: less than the %d vectors that %s tells of are there (remove it to begin anew)", g.state.Rows, g.statePath()))
	}
	if err := g.file.Truncate(size); err != nil {
		return err
	}
	if _, err := io.Copy(g.sum, io.NewSectionReader(g.file, headerSize, size-headerSize)); err != nil {
		return err
	}
	if hex.EncodeToString(g.sum.Sum(nil)) != g.state.Sum {
		return fmt.Errorf("damaged: its checksum does not fit (remove it to begin anew)")
	}
	return nil
}

// size is that of the file with what was acknowledged.
func (g *Growing) size() int64 { return headerSize + 4*int64(g.state.Rows)*int64(g.state.Dim) }

// Name is the file in which the matrix lies until it is finished.
func (g *Growing) Name() string { return g.file.Name() }

// Rows is the number of vectors that are on the disk.
func (g *Growing) Rows() int { return g.state.Rows }

// Mark is what the last [Growing.Append] said; empty at first.
func (g *Growing) Mark() string { return g.state.Mark }

// Append writes vectors, given one after the other, behind the others. They are on the disk when it returns, and so is mark, by which
// whoever goes on finds the place. After an error only Close is of use.
func (g *Growing) Append(vectors []float32, mark string) error {
	if err := g.append(vectors, mark); err != nil {
		return fmt.Errorf("npy: %s: append: %w", g.file.Name(), err)
	}
	return nil
}

func (g *Growing) append(vectors []float32, mark string) error {
	if len(vectors)%g.state.Dim != 0 {
		return fmt.Errorf("%d numbers are no multiple of the dimension %d", len(vectors), g.state.Dim)
	}
	data := encode(vectors)
	if _, err := g.file.WriteAt(data, g.size()); err != nil {
		return err
	}
	g.sum.Write(data)
	g.state.Rows += len(vectors) / g.state.Dim
	return g.settle(mark)
}

// settle makes the disk hold the vectors, and only then the state that tells of them.
func (g *Growing) settle(mark string) error {
	if err := g.file.Sync(); err != nil {
		return err
	}
	g.state.Mark, g.state.Sum = mark, hex.EncodeToString(g.sum.Sum(nil))
	text, err := json.Marshal(g.state)
	if err != nil {
		return err
	}
	return renameio.WriteFile(g.statePath(), append(text, '\n'), 0o644)
}

// Read returns n vectors from the one of number first on, one after the other.
func (g *Growing) Read(first, n int) ([]float32, error) {
	if first < 0 || n < 0 || n > g.state.Rows-first {
		return nil, fmt.Errorf("npy: read: vectors %d to %d of %d", first, first+n, g.state.Rows)
	}
	return readRows(g.file, headerSize, g.state.Dim, first, n)
}

// Finish gives the matrix its name, in place of a former file, and closes it.
func (g *Growing) Finish() error {
	if err := g.finish(); err != nil {
		return fmt.Errorf("npy: finish %s: %w", g.path, err)
	}
	return nil
}

func (g *Growing) finish() error {
	if _, err := g.file.WriteAt(header(g.state.Rows, g.state.Dim), 0); err != nil {
		return err
	}
	if err := g.file.Sync(); err != nil {
		return err
	}
	if err := os.Rename(g.file.Name(), g.path); err != nil {
		return err
	}
	return errors.Join(os.Remove(g.statePath()), g.file.Close())
}

// Discard removes what was written, and closes it.
func (g *Growing) Discard() error {
	// Without its state a file counts for nothing.
	if err := errors.Join(os.Remove(g.statePath()), os.Remove(g.file.Name()), g.file.Close()); err != nil {
		return fmt.Errorf("npy: discard: %w", err)
	}
	return nil
}

// Close lets go of the file, from which [Grow] goes on later. Behind Finish and Discard it does nothing.
func (g *Growing) Close() error {
	if err := g.file.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
