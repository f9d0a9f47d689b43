package interp_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"paperlab/kernel/interp"
)

func TestInterruptStopsACellAndKeepsItsVariables(t *testing.T) {
	for _, row := range []struct{ name, code, abandoned string }{
		{"an endless loop", `for {}`, ""},
		{"an endless recursion", "var f func(int)\nf = func(n int) { if n < 100 { f(n + 1) } }\nfor { f(0) }", ""},
		{"a sleep", `time.Sleep(time.Hour)`, ""},
		{"a blocked receive", `<-make(chan int)`, ""},
		{"a blocked send", `make(chan int) <- 1`, ""},
		{"a select without cases", `select {}`, ""},
		{"a select that waits", "select {\ncase <-make(chan int):\ncase <-time.After(time.Hour):\n}", ""},
		{"the context", `<-ctx.Done()`, "-"},
		{"a locked mutex", "var mu sync.Mutex\nmu.Lock()\nmu.Lock()", "it waits in sync.Mutex.Lock"},
		{"a wait group", "var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()", "it waits in sync.WaitGroup.Wait"},
		{"a loop that recovers", "for { func() { defer func() { recover() }(); for {} }() }", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			started := make(chan struct{}, 1)
			n := newNotebook(t, interp.Predeclare("started", func(context.Context) func() { return func() { started <- struct{}{} } }))
			if got := n.run("import (\n\t\"sync\"\n\t\"time\"\n)\nvar _ sync.Mutex\nvar _ time.Time"); got != "" {
				t.Fatal(got)
			}
			ctx, cancel := context.WithCancel(context.Background())
			go func() {
				<-started
				cancel()
			}()
			var out locked
			cell := interp.Cell{Number: 2, Source: "x := 1\nstarted()\nx = 2\n" + row.code + "\nx = 3"}
			_, err := n.in.Run(ctx, cell, interp.IO{Stdout: &out, Stderr: &out})
			var interrupted *interp.Interrupted
			if row.abandoned == "-" {
				if err != nil && !errors.As(err, &interrupted) {
					t.Fatalf("got %v", err)
				}
				return
			}
			if !errors.As(err, &interrupted) {
				t.Fatalf("got %v instead of an interrupt", err)
			}
			if interrupted.Abandoned != row.abandoned {
				t.Errorf("abandoned: %q instead of %q", interrupted.Abandoned, row.abandoned)
			}
			if got := n.run("x"); got != "2" {
				t.Errorf("x is %s afterwards instead of 2", got)
			}
		})
	}
}

func TestACellThatCannotStopIsLeftInTheBackground(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	n := newNotebook(t, interp.Predeclare("stuck", func(context.Context) func() {
		return func() {
			close(started)
			<-release // compiled code that knows no context
		}
	}))
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-started
		cancel()
	}()
	var out locked
	_, err := n.in.Run(ctx, interp.Cell{Number: 1, Source: "x := 1\nstuck()\nx = 2"}, interp.IO{Stdout: &out, Stderr: &out})
	var interrupted *interp.Interrupted
	if !errors.As(err, &interrupted) || interrupted.Abandoned != "it waits in chan receive" {
		t.Fatalf("got %v", err)
	}
	if got := n.run("x"); got != "1" {
		t.Errorf("x is %s afterwards instead of 1", got)
	}
}

func TestABackgroundGoroutineSurvivesTheInterruptOfALaterCell(t *testing.T) {
	n := newNotebook(t)
	n.run("ask, answer := make(chan int), make(chan int)\ngo func() { for v := range ask { answer <- v + 1 } }()")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out locked
	_, err := n.in.Run(ctx, interp.Cell{Number: 2, Source: "for {}"}, interp.IO{Stdout: &out, Stderr: &out})
	if interrupted := (*interp.Interrupted)(nil); !errors.As(err, &interrupted) {
		t.Fatalf("got %v instead of an interrupt", err)
	}
	if got := n.run("ask <- 1\n<-answer"); got != "2" {
		t.Errorf("the goroutine answers %s instead of 2", got)
	}
}

func TestAPanicInAGoroutineIsToldAndEndsNothing(t *testing.T) {
	n := newNotebook(t)
	var out locked
	_, err := n.in.Run(context.Background(), interp.Cell{Number: 1, Source: "done := make(chan int)\ngo func() {\n\tdefer close(done)\n\tpanic(\"lost\")\n}()\n<-done"}, interp.IO{Stdout: &out, Stderr: &out})
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 { // it is told after the deferred call
		if strings.Contains(out.String(), "lost") {
			break
		}
		runtime.Gosched()
		n.run("1")
	}
	if got := n.run("1 + 1"); got != "2" {
		t.Errorf("got %s instead of 2", got)
	}
}

func TestPanicErrorHoldsTheValueAndTheFramesOfCells(t *testing.T) {
	n := newNotebook(t)
	n.run("import \"io\"\ntype T struct{}\nfunc (T) deep() {\n\tpanic(io.EOF)\n}")
	_, err := n.in.Run(context.Background(), interp.Cell{Number: 2, Source: "func outer() { T{}.deep() }\n\nouter()"}, interp.IO{Stdout: &locked{}, Stderr: &locked{}})
	var p *interp.PanicError
	if !errors.As(err, &p) {
		t.Fatalf("got %v instead of a panic", err)
	}
	if got := fmt.Sprint(p.Value); got != "EOF" {
		t.Errorf("value %s", got)
	}
	var frames []string
	for _, f := range p.Frames {
		frames = append(frames, fmt.Sprintf("%s In[%d]:%d:%d", f.Function, f.Cell, f.Line, f.Column))
	}
	want := "T.deep In[1]:4:7\nouter In[2]:1:24\nIn[2] In[2]:3:6"
	if got := strings.Join(frames, "\n"); got != want {
		t.Errorf("frames\n%s\ninstead of\n%s", got, want)
	}
}

func TestResetForgetsWhatCellsDeclared(t *testing.T) {
	n := newNotebook(t)
	n.run("import \"fmt\"\nx := 1\nimport . \"math\"")
	if err := n.in.Reset(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"x", "fmt.Print", "Pi"} {
		if got := n.run(name); !strings.Contains(got, "undefined") {
			t.Errorf("%s gives %s after a reset", name, got)
		}
	}
	if got := n.run("must(1, nil)"); got != "1" {
		t.Errorf("must gives %s after a reset", got)
	}
}

func TestPackagesCanBeImportedForAllCells(t *testing.T) {
	n := newNotebook(t, interp.AutoImport("strings", "encoding/json"))
	if got := n.run("strings.ToUpper(\"a\"), json.Valid(nil)"); !strings.Contains(got, "expected 1 expression") {
		t.Error(got)
	}
	if got := n.run("strings.ToUpper(\"a\")"); got != "A" {
		t.Errorf("got %s instead of A", got)
	}
	if got := n.run("strings := 1\nstrings"); got != "1" {
		t.Errorf("got %s instead of 1", got)
	}
	if _, err := interp.New(interp.AutoImport("no/such")); err == nil {
		t.Error("an unbound package can be imported for all cells")
	}
}

func TestImportingAnUnboundPackageSaysWhatIsBound(t *testing.T) {
	got := newNotebook(t).run("x := 1\nimport \"github.com/some/module\"")
	for _, want := range []string{"In[1]:2:8: package github.com/some/module is not", "standard library", "paperlab kernel build --with github.com/some/module"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
}

func TestCompileErrorQuotesTheLine(t *testing.T) {
	n := newNotebook(t)
	_, err := n.in.Run(context.Background(), interp.Cell{Number: 7, Source: "x := 1\ny := x + nope"}, interp.IO{Stdout: &locked{}, Stderr: &locked{}})
	var compile *interp.CompileError
	if !errors.As(err, &compile) || len(compile.Diagnostics) != 1 {
		t.Fatalf("got %v", err)
	}
	want := interp.Diagnostic{Cell: 7, Line: 2, Column: 10, Message: "undefined: nope", Text: "y := x + nope"}
	if compile.Diagnostics[0] != want {
		t.Errorf("got %+v instead of %+v", compile.Diagnostics[0], want)
	}
}

func TestPlainCellsLeaveNothingBehind(t *testing.T) {
	n := newNotebook(t)
	n.run("import \"fmt\"\nx := 0\nfunc f(n int) int { return n + x }")
	cells := 2000
	run := func() {
		for i := range cells {
			if got, want := n.run(fmt.Sprintf("x = %d\ny := fmt.Sprint(f(1))\nlen(y)", 1000+i)), "4"; got != want {
				t.Fatalf("got %s instead of %s", got, want)
			}
		}
	}
	run()
	before := liveHeap()
	run()
	if grown := int64(liveHeap()) - int64(before); grown > int64(cells)*100 {
		t.Errorf("%d cells hold %d bytes", cells, grown)
	}
}
