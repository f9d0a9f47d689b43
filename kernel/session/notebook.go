package session

import (
	"context"
	"maps"
)

// notebookKey is where the context of a cell tells of its notebook: a function that returns where the file lies, if that is
// known, and the sources of all cells executed so far, by their numbers. Key and value are of types that a tracker can
// write too, which does not know the kernel.
type notebookKey = struct{ PaperlabNotebook struct{} }

// withNotebook returns a context that tells of the notebook.
func (s *Session) withNotebook(ctx context.Context) context.Context {
	return context.WithValue(ctx, notebookKey{}, func() (path string, sources map[int]string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.options.Notebook, maps.Clone(s.sources)
	})
}
