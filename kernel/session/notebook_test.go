package session_test

import (
	"context"
	"reflect"
	"testing"

	"paperlab/kernel/interp"
	"paperlab/kernel/session"
	"paperlab/kernel/wire"
)

// looks is an engine that keeps what the context of a cell tells of the notebook.
type looks struct {
	*script
	path    string
	sources map[int]string
}

func (l *looks) Run(ctx context.Context, _ interp.Cell, _ interp.IO) (interp.Result, error) {
	// As somebody writes it who does not know this package.
	l.path, l.sources = ctx.Value(struct{ PaperlabNotebook struct{} }{}).(func() (string, map[int]string))()
	return interp.Result{}, nil
}

func TestACellsContextTellsOfTheNotebook(t *testing.T) {
	engine := &looks{script: newScript()}
	s := session.New(engine, session.Options{Notebook: "summarize.ipynb"})
	for number, code := range map[int]string{1: "load()", 2: "%time train()"} {
		if _, err := s.Run(t.Context(), session.Cell{Number: number, Code: code}, func(wire.Content) {}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Run(t.Context(), session.Cell{Number: 3, Code: "look()"}, func(wire.Content) {}); err != nil {
		t.Fatal(err)
	}
	want := map[int]string{1: "load()", 2: "%time train()", 3: "look()"}
	if engine.path != "summarize.ipynb" || !reflect.DeepEqual(engine.sources, want) {
		t.Errorf("got %q %v, want %v", engine.path, engine.sources, want)
	}
}
