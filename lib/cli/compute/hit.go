package compute

import (
	"fmt"
	"io"

	"paperlab/lib/console"
	"paperlab/lib/search"
)

// hit is a paper that was found.
type hit struct {
	Model string `json:"model,omitempty"` // where several models are asked
	search.Hit
}

func (h hit) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return console.JSON(w, h)
	}
	_, err := fmt.Fprintf(w, "%d. %s (similarity %.4f)\n   %s\n", h.Rank, shorten(h.Title, 100), h.Similarity, shorten(h.Abstract, 300))
	return err
}
