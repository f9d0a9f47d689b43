package interp_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"paperlab/kernel/interp"
	_ "paperlab/kernel/interp/symbols/bindings" // what cells import
)

// locked is a buffer that several goroutines may write.
type locked struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// notebook runs cells one after the other.
type notebook struct {
	in    *interp.Interp
	cells int
}

func newNotebook(t testing.TB, options ...interp.Option) *notebook {
	t.Helper()
	in, err := interp.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	return &notebook{in: in}
}

// run runs a cell and returns what it prints, then each value that it shows on a line, then its error.
func (n *notebook) run(source string) string {
	n.cells++
	var out locked
	result, err := n.in.Run(context.Background(), interp.Cell{Number: n.cells, Source: source}, interp.IO{Stdout: &out, Stderr: &out})
	text := out.String()
	for _, v := range result.Values {
		text += fmt.Sprintln(v)
	}
	if err != nil {
		text += "error: " + err.Error()
	}
	return strings.TrimSuffix(text, "\n")
}
