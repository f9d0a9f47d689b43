package tracker

import (
	"fmt"
	"io/fs"
	"strings"
	"time"
	"unicode"
)

// Artifact is a file that a run left behind. The same name may be saved again; all versions are kept, equal contents
// once.
type Artifact struct {
	Name string // slash-separated relative path
	Hash string // SHA-256 of the contents, in lower-case hexadecimal
	Size int64  // bytes
	Time time.Time
}

// CleanArtifactName returns the name in valid UTF-8. It refuses names that could lead out of a folder into which someone
// copies the artifacts (absolute ones, "..", backslashes), and control characters.
func CleanArtifactName(name string) (string, error) {
	unsafe := strings.Contains(name, `\`) || strings.ContainsFunc(name, unicode.IsControl)
	name = CleanText(name)
	if !fs.ValidPath(name) || name == "." || unsafe || len(name) > MaxKey {
		return "", fmt.Errorf("%w artifact name %.60q: want a relative path such as model/weights.bin", ErrInvalid, name)
	}
	return name, nil
}
