package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"paperlab/kernel/display"
	"paperlab/kernel/interp"
)

// script is an engine for tests. Its language has one command a line, and is described in [script.command].
type script struct {
	captured func(name string, data []byte) // what C code writes goes here

	mu      sync.Mutex
	names   []interp.Name
	entered chan string   // gets the cells that wait or block
	release chan struct{} // lets go of those that block or linger
	left    sync.WaitGroup
	sources []string
}

func newScript() *script {
	return &script{entered: make(chan string, 100), release: make(chan struct{})}
}

func (s *script) Run(ctx context.Context, cell interp.Cell, io interp.IO) (result interp.Result, err error) {
	s.mu.Lock()
	s.sources = append(s.sources, cell.Source)
	s.mu.Unlock()
	for i, line := range strings.Split(cell.Source, "\n") {
		column := len(line) - len(strings.TrimLeft(line, " \t")) + 1
		if head, body, ok := strings.Cut(line, " {"); ok && strings.HasPrefix(head, "for range ") { // what %timeit makes; once is enough
			line, column = strings.TrimSuffix(body, "}"), len(head+" {")+1
		}
		if line == "}" {
			break
		}
		verb, arg, _ := strings.Cut(strings.TrimSpace(line), " ")
		if text, err := strconv.Unquote(arg); err == nil {
			arg = text
		}
		values, err := s.command(ctx, interp.Frame{Function: "f", Cell: cell.Number, Line: i + 1, Column: column}, verb, arg, io)
		if err != nil {
			return interp.Result{}, err
		}
		result.Values = values
	}
	return result, nil
}

func (s *script) command(ctx context.Context, at interp.Frame, verb, arg string, out interp.IO) ([]any, error) {
	switch verb {
	case "", "//":
	case "print": // to standard output
		fmt.Fprint(out.Stdout, arg)
	case "warn": // to standard error
		fmt.Fprint(out.Stderr, arg)
	case "native": // as C code does
		s.captured("stdout", []byte(arg))
	case "lines": // prints that many lines
		n, _ := strconv.Atoi(arg)
		for i := range n {
			fmt.Fprintln(out.Stdout, "line", i)
		}
	case "value":
		return []any{arg}, nil
	case "values":
		var values []any
		for _, v := range strings.Fields(arg) {
			values = append(values, v)
		}
		return values, nil
	case "nothing":
		return []any{nil}, nil
	case "show":
		return nil, display.PublisherFrom(ctx).Publish(display.Message{Kind: display.DisplayData, Bundle: display.Render(arg), DisplayID: "id"})
	case "redraw":
		return nil, display.PublisherFrom(ctx).Publish(display.Message{Kind: display.UpdateDisplayData, Bundle: display.Render(arg), DisplayID: "id"})
	case "clear":
		return nil, display.Clear(ctx, arg == "wait")
	case "wait": // until the interrupt
		s.entered <- arg
		<-ctx.Done()
		return nil, &interp.Interrupted{}
	case "block": // until released, whatever happens
		s.entered <- arg
		<-s.release
	case "linger": // prints when released, from a goroutine that outlives the cell
		s.left.Go(func() {
			<-s.release
			fmt.Fprint(out.Stdout, arg)
		})
	case "join": // lets go of those that linger, and waits for them
		close(s.release)
		s.left.Wait()
	case "input", "password":
		text, err := display.InputFrom(ctx)(ctx, arg, verb == "password")
		if ctx.Err() != nil {
			return nil, &interp.Interrupted{}
		}
		if err != nil {
			return nil, err
		}
		return []any{text}, nil
	case "declare":
		s.mu.Lock()
		s.names = append(s.names, interp.Name{Name: arg, Kind: "variable", Type: "int", Value: "1"})
		s.mu.Unlock()
	case "panic":
		return nil, &interp.PanicError{Value: arg, Frames: []interp.Frame{at, {Cell: 1, Line: 1}}}
	case "crash":
		panic("the engine is broken")
	case "sleep":
		d, _ := time.ParseDuration(arg)
		time.Sleep(d)
	case "eof":
		return nil, io.EOF
	case "missing":
		return nil, advised{errors.New("no such thing")}
	case "slow": // a value that takes until the interrupt to be drawn
		return []any{slow{s, ctx}}, nil
	default:
		return nil, &interp.CompileError{Diagnostics: []interp.Diagnostic{{Cell: at.Cell, Line: at.Line, Column: at.Column, Message: "undefined: " + verb}}}
	}
	return nil, nil
}

// advised is an error that says what to do.
type advised struct{ error }

func (advised) Hint() string { return "make one" }

// slow is a value whose text takes forever.
type slow struct {
	s   *script
	ctx context.Context
}

func (v slow) String() string {
	v.s.entered <- "drawing"
	<-v.s.release
	return "at last"
}

func (s *script) Complete(source string, cursor int) interp.Completion {
	if source == "crash" {
		panic("the engine is broken")
	}
	start := strings.LastIndexAny(source[:cursor], " \n") + 1
	c := interp.Completion{Start: start, End: cursor}
	for _, name := range []string{"print", "printé"} {
		if strings.HasPrefix(name, source[start:cursor]) {
			c.Matches = append(c.Matches, interp.Match{Text: name, Kind: "function", Type: "func()"})
		}
	}
	return c
}

func (s *script) Inspect(source string, cursor int) (interp.Inspection, bool) {
	if !strings.HasPrefix(source, "print") || cursor == 0 {
		return interp.Inspection{}, false
	}
	return interp.Inspection{Declaration: "func print(text)", Package: "script", Doc: "print prints.", Value: strconv.Itoa(cursor)}, true
}

func (s *script) Names() []interp.Name {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.names
}

func (s *script) Reset() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names = nil
	return nil
}
