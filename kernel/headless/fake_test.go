package headless_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"paperlab/kernel/display"
	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

// script is a kernel that reads cells as commands, one a line, and does what they say.
type script struct {
	ran     []string
	late    chan func() // what cells want to be done after their end
	onStart func()
}

func (s *script) Execute(ctx context.Context, number int, source string, out *headless.Outputs) error {
	s.ran = append(s.ran, source)
	if s.onStart != nil {
		s.onStart()
	}
	for line := range strings.Lines(source) {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		id, text, _ := strings.Cut(rest, " ")
		switch verb {
		case "out":
			out.Stream("stdout", rest+"\n")
		case "err":
			out.Stream("stderr", rest+"\n")
		case "part":
			out.Stream("stdout", strings.NewReplacer(`\r`, "\r").Replace(rest))
		case "show":
			out.Display(id, plain(text))
		case "update":
			out.Update(id, plain(text))
		case "clear":
			out.Clear(rest == "wait")
		case "value":
			out.Result(number, plain(rest))
		case "fail":
			return &headless.Failure{Name: "panic", Value: rest, Traceback: []string{"\x1b[31mpanic: " + rest + "\x1b[0m", "In[1]:1"}}
		case "break":
			return errors.New(rest)
		case "hang":
			<-ctx.Done()
			return &headless.Failure{Name: "Interrupted", Value: "interrupted", Cause: ctx.Err()}
		case "linger":
			<-ctx.Done()
			left := make(chan struct{})
			go func() {
				out.Stream("stdout", "saved\n")
				close(left)
			}()
			return &headless.Failure{Name: "Interrupted", Value: "interrupted", Left: left}
		case "later":
			s.late <- func() { out.Stream("stdout", rest+"\n") }
		}
	}
	return nil
}

func plain(text string) display.Bundle {
	return display.Bundle{Data: map[string]any{"text/plain": text}, Metadata: map[string]any{}}
}

// notebook makes a notebook of code cells; a first line "#tag NAME" gives a cell a tag.
func notebook(sources ...string) *nbformat.Notebook {
	nb := nbformat.New()
	for i, source := range sources {
		cell := nbformat.Cell{ID: fmt.Sprintf("c%d", i+1), Type: nbformat.Code}
		if rest, ok := strings.CutPrefix(source, "#tag "); ok {
			var tag string
			tag, source, _ = strings.Cut(rest, "\n")
			cell.Metadata = map[string]any{"tags": []any{tag}}
		}
		cell.Source = source
		nb.Cells = append(nb.Cells, cell)
	}
	return nb
}

// clock is at noon, and each time a second later.
func clock() func() time.Time {
	now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

func options() headless.Options {
	return headless.Options{Now: clock(), Random: rand.New(rand.NewPCG(1, 2))}
}

// outputs writes a cell's outputs in brief, one a line.
func outputs(t *testing.T, cell nbformat.Cell) string {
	t.Helper()
	var b strings.Builder
	for _, out := range cell.Outputs {
		switch out.Type {
		case nbformat.Stream:
			fmt.Fprintf(&b, "%s %q\n", out.Name, out.Text)
		case nbformat.Error:
			fmt.Fprintf(&b, "error %s: %s\n", out.ErrorName, out.ErrorValue)
		default:
			data, err := json.Marshal(out.Data["text/plain"])
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s %s\n", out.Type, data)
		}
	}
	return b.String()
}
