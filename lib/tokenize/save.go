package tokenize

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Save writes the files that the tokenizer was loaded from into dir, which it makes where needed, so that the folder of
// a trained model is complete. Each file is replaced as a whole or not at all.
func (t *Tokenizer) Save(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("tokenizer: save: %w", err)
	}
	for name, b := range t.files {
		if err := renameio.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			return fmt.Errorf("tokenizer: save %s: %w", name, err)
		}
	}
	return nil
}
