package compute

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"paperlab/lib/console"
	"paperlab/lib/search"
)

// hit is a paper that was found.
type hit struct {
	Model string `json:"model,omitempty"` // where several models are asked
	Query string `json:"query,omitempty"` // where several queries are
	search.Hit
}

func (h hit) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return console.JSON(w, h)
	}
	found := fmt.Sprintf("similarity %.4f", h.Similarity)
	if math.IsNaN(h.Similarity) {
		found = "by its words"
	}
	_, err := fmt.Fprintf(w, "%d. %s (%s)\n", h.Rank, shorten(h.Title, 100), found)
	if about := h.about(); err == nil && about != "" {
		_, err = fmt.Fprintf(w, "   %s\n", shorten(about, 120))
	}
	if err == nil {
		_, err = fmt.Fprintf(w, "   %s\n", shorten(h.Abstract, 300))
	}
	return err
}

// about is what is known of the paper beside its texts.
func (h hit) about() string {
	parts := []string{h.ID, h.Authors, h.Categories}
	if h.Year > 0 {
		parts = append(parts, strconv.Itoa(h.Year))
	}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " | ")
}
