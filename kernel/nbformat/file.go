package nbformat

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Read reads the notebook in the file at path, see [Parse].
func Read(path string) (*Notebook, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("nbformat: %w", err)
	}
	nb, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("nbformat: %s: %w", path, err)
	}
	return nb, nil
}

// Save writes the notebook to the file at path, see [Notebook.Encode]. The file changes whole or, after an error, not
// at all; it keeps its permissions, and where path is a symbolic link, the file it leads to is written.
func (nb *Notebook) Save(path string) error {
	data, err := nb.encode()
	if err != nil {
		return fmt.Errorf("nbformat: %s: %w", path, err)
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if err := renameio.WriteFile(path, data, 0o644, renameio.WithExistingPermissions()); err != nil {
		return fmt.Errorf("nbformat: save %s, which stays as it was: %w", path, err)
	}
	return nil
}
