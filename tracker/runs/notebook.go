package runs

import (
	"context"
	"errors"
	"maps"
	"slices"

	"paperlab/tracker"
)

// A kernel keeps its notebook in the contexts of cells, under a key and as a value of types that both sides can write
// without importing each other: where the file lies, if that is known, and the sources of all cells executed so far, by their numbers.
type (
	notebookKey = struct{ PaperlabNotebook struct{} }
	notebook    func() (path string, sources map[int]string)
)

// notebookFrom returns nil outside a notebook.
func notebookFrom(ctx context.Context) notebook {
	book, _ := ctx.Value(notebookKey{}).(func() (string, map[int]string))
	return book
}

// tag adds the notebook's path to a run's tags.
func (n notebook) tag(tags map[string]string) map[string]string {
	if n == nil {
		return tags
	}
	path, _ := n()
	if path == "" || tags["notebook"] != "" {
		return tags
	}
	tags = maps.Clone(tags)
	if tags == nil {
		tags = map[string]string{}
	}
	tags["notebook"] = path
	return tags
}

// cells keeps the sources of a notebook's cells with a run: those executed before it, that which started it, and those that come
// until it ends. Each is a text with the cell's number as its step.
type cells struct {
	run  *Run
	of   notebook
	last int // the highest number that is kept
}

const cellKey = "source/cell"

// save keeps what was executed since the last call.
func (c *cells) save(ctx context.Context) error {
	if c.of == nil {
		return nil
	}
	_, sources := c.of()
	for _, number := range slices.Sorted(maps.Keys(sources)) {
		if number <= c.last {
			continue
		}
		text := tracker.Text{Key: cellKey, Step: int64(number), Time: c.run.clock(), Session: c.run.session, Body: sources[number]}
		if err := c.run.put(ctx, "keep cell of run", line{Text: &text}); err != nil && !errors.Is(err, ErrSpooled) {
			return err
		}
		c.last = number
	}
	return nil
}
