package ingest

import (
	"bytes"
	"crypto/sha256"
	"time"

	"paperlab/tracker"
)

// ID returns the run ID that stands for a run of another program's: the same one each time for the same start and
// origin, which should name the program and what identifies the run there. As for any run, IDs sort by their start.
func ID(started time.Time, origin string) (string, error) {
	sum := sha256.Sum256([]byte(origin))
	return tracker.NewID(started, bytes.NewReader(sum[:]))
}
