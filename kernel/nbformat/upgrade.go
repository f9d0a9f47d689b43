package nbformat

import (
	"fmt"
	"math/rand/v2"
)

// NewID returns a random cell id of eight hexadecimal digits, the form that Jupyter gives them.
func NewID(random *rand.Rand) string {
	return fmt.Sprintf("%08x", random.Uint32())
}

// Upgrade brings a notebook of format 4.0 to 4.4 to 4.5: each cell without an id, or with one that an earlier cell has
// or that is none, gets a new one from random. It reports whether it changed anything.
func (nb *Notebook) Upgrade(random *rand.Rand) bool {
	if nb.Minor >= Minor {
		return false
	}
	nb.Minor = Minor
	taken := map[string]bool{}
	for i := range nb.Cells {
		id := nb.Cells[i].ID
		for taken[id] || !idPattern.MatchString(id) {
			id = NewID(random)
		}
		taken[id] = true
		nb.Cells[i].ID = id
	}
	return true
}
