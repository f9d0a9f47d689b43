package headless

import (
	"crypto/sha256"
	"encoding/hex"

	"paperlab/kernel/nbformat"
)

// noteKey is the entry of a cell's metadata in which Run notes what it ran: an object of "source", the hash of the cell's
// source, and "before", the hash of all that had been run before it.
const noteKey = "paperlab"

// history stands for the cells run so far: a chain of hashes, so that a cell that was changed, moved, added or removed
// shows in the notes of all that follow.
type history [sha256.Size]byte

// add takes a cell into the history.
func (h *history) add(source string) {
	sum := sha256.Sum256([]byte(source))
	*h = sha256.Sum256(append(h[:], sum[:]...))
}

// note writes into a cell what is about to be run, and takes it into the history.
func (h *history) note(cell *nbformat.Cell) {
	cell.Metadata = with(cell.Metadata, noteKey, map[string]any{"source": hash(cell.Source), "before": h.String()})
	h.add(cell.Source)
}

// String is the hash of the history.
func (h *history) String() string { return hex.EncodeToString(h[:16]) }

// hash is the hash of one cell's source.
func hash(source string) string {
	sum := sha256.Sum256([]byte(source))
	return hex.EncodeToString(sum[:16])
}

// noted returns what Run noted in a cell; ok is false where it noted nothing.
func noted(cell *nbformat.Cell) (source, before string, ok bool) {
	note, _ := cell.Metadata[noteKey].(map[string]any)
	source, ok = note["source"].(string)
	before, _ = note["before"].(string)
	return source, before, ok
}
