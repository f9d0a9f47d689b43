package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"paperlab/kernel/interp"
	"paperlab/kernel/session"
	"paperlab/kernel/wire"
)

// notebook is a session with what it shows.
type notebook struct {
	*session.Session
	engine *script
	number int

	mu      sync.Mutex
	changed sync.Cond
	shown   []wire.Content
}

func newNotebook() *notebook {
	n := &notebook{engine: newScript()}
	n.changed.L = &n.mu
	n.Session = session.New(n.engine, session.Options{})
	n.engine.captured = n.Captured
	return n
}

func (n *notebook) show(c wire.Content) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.shown = append(n.shown, c)
	n.changed.Broadcast()
}

// await is take, once there is something.
func (n *notebook) await() []string {
	n.mu.Lock()
	for len(n.shown) == 0 {
		n.changed.Wait()
	}
	n.mu.Unlock()
	return n.take()
}

// run runs the next cell and returns the error.
func (n *notebook) run(ctx context.Context, lines ...string) error {
	n.number++
	_, err := n.Run(ctx, session.Cell{Number: n.number, Code: strings.Join(lines, "\n")}, n.show)
	return err
}

// take returns what was shown since the last call, in short.
func (n *notebook) take() (short []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.shown {
		switch c := c.(type) {
		case wire.Stream:
			short = append(short, fmt.Sprintf("%s %q", c.Name, c.Text))
		case wire.DisplayData:
			short = append(short, fmt.Sprintf("display %v as %s", c.Data["text/plain"], c.Transient.DisplayID))
		case wire.UpdateDisplayData:
			short = append(short, fmt.Sprintf("update %v as %s", c.Data["text/plain"], c.Transient.DisplayID))
		case wire.ClearOutput:
			short = append(short, fmt.Sprintf("clear %t", c.Wait))
		case wire.ExecuteResult:
			short = append(short, fmt.Sprintf("result %d %v", c.ExecutionCount, c.Data["text/plain"]))
		default:
			short = append(short, c.MessageType())
		}
	}
	n.shown = nil
	return short
}

func TestACellShowsWhatItDoesInOrder(t *testing.T) {
	for name, c := range map[string]struct {
		cell []string
		want []string
	}{
		"text of one stream is gathered":          {[]string{"print a", "print b"}, []string{`stdout "ab"`}},
		"text of both streams keeps its order":    {[]string{"print a", "warn b", "print c"}, []string{`stdout "a"`, `stderr "b"`, `stdout "c"`}},
		"a display stands between texts":          {[]string{"print a", "show x", "print b"}, []string{`stdout "a"`, "display x as id", `stdout "b"`}},
		"a display is redrawn":                    {[]string{"show x", "redraw y"}, []string{"display x as id", "update y as id"}},
		"outputs are cleared":                     {[]string{"print a", "clear", "clear wait", "print b"}, []string{`stdout "a"`, "clear false", "clear true", `stdout "b"`}},
		"a result comes last":                     {[]string{"print a", "value 42"}, []string{`stdout "a"`, "result 1 42"}},
		"several values are one result":           {[]string{"values 1 2"}, []string{"result 1 1 2"}},
		"nil is no result":                        {[]string{"nothing"}, nil},
		"a value in the middle is none":           {[]string{"value 42", "print a"}, []string{`stdout "a"`}},
		"carriage returns and colors are kept":    {[]string{`print "10%\r\x1b[31m20%\x1b[0m"`}, []string{`stdout "10%\r\x1b[31m20%\x1b[0m"`}},
		"native output is the cell's":             {[]string{"print a", "native b"}, []string{`stdout "ab"`}},
		"a character in two writes stays whole":   {[]string{`print "\xc3"`, `print "\xa9"`}, []string{`stdout "é"`}},
		"it does so with the other stream around": {[]string{`print "a\xe2\x82"`, "warn x", `print "\xac"`}, []string{`stdout "a"`, `stderr "x"`, `stdout "€"`}},
		"an invalid byte is replaced":             {[]string{`print "a\xffb\xfe\xfd"`}, []string{`stdout "a` + "\ufffdb\ufffd\ufffd" + `"`}},
		"a character that never ends is replaced": {[]string{`print "a\xe2\x82"`}, []string{`stdout "a` + "\ufffd\ufffd" + `"`}},
		"an empty cell shows nothing":             {[]string{""}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNotebook()
			if err := n.run(context.Background(), c.cell...); err != nil {
				t.Fatal(err)
			}
			if got := n.take(); strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("shown\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestManyLinesAreFewMessagesOfBoundedSize(t *testing.T) {
	n := newNotebook()
	if err := n.run(context.Background(), "lines 50000", `print "`+strings.Repeat(`\xff`, 300_000)+strings.Repeat("é", 300_000)+`"`); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, c := range n.shown {
		s := c.(wire.Stream)
		if len(s.Text) > 256<<10 || !utf8.ValidString(s.Text) {
			t.Errorf("a message of %d bytes", len(s.Text))
		}
		text.WriteString(s.Text)
	}
	if len(n.shown) > 100 {
		t.Errorf("%d messages", len(n.shown))
	}
	if want := strings.Repeat("\ufffd", 300_000) + strings.Repeat("é", 300_000); !strings.HasSuffix(text.String(), "line 49999\n"+want) {
		t.Error("the text is not what was printed")
	}
}

func TestWhatOutlivesACellBelongsToIt(t *testing.T) {
	n := newNotebook()
	first, second := newNotebook(), newNotebook()
	for number, to := range map[int]*notebook{1: first, 2: second} {
		code := map[int]string{1: "linger late", 2: "print now"}[number]
		if _, err := n.Run(context.Background(), session.Cell{Number: number, Code: code}, to.show); err != nil {
			t.Fatal(err)
		}
	}
	close(n.engine.release)
	n.engine.left.Wait()
	if got := first.await(); len(got) != 1 || got[0] != `stdout "late"` { // by itself, a moment later
		t.Errorf("the first cell shows %q", got)
	}
	if got := second.take(); len(got) != 1 || got[0] != `stdout "now"` {
		t.Errorf("the second cell shows %q", got)
	}
}

func TestWhenACellEndsAllThatEarlierCellsWroteIsShown(t *testing.T) {
	n := newNotebook()
	if err := n.run(context.Background(), "linger late"); err != nil {
		t.Fatal(err)
	}
	if err := n.run(context.Background(), "join"); err != nil {
		t.Fatal(err)
	}
	if got := n.take(); len(got) != 1 || got[0] != `stdout "late"` { // and not a moment later
		t.Errorf("the cells show %q", got)
	}
}

func TestNativeOutputBehindACellIsThatCells(t *testing.T) {
	n := newNotebook()
	n.Captured("stderr", []byte("before any cell"))
	if err := n.run(context.Background(), "print a"); err != nil {
		t.Fatal(err)
	}
	n.Captured("stderr", []byte("afterwards"))
	if err := n.run(context.Background(), ""); err != nil {
		t.Fatal(err)
	}
	got := n.take()
	for len(got) < 2 {
		got = append(got, n.await()...)
	}
	if want := `stdout "a"|stderr "afterwards"`; strings.Join(got, "|") != want {
		t.Errorf("shown %q, want %s", got, want)
	}
}

func TestErrorsAreExplainedWithTheirLines(t *testing.T) {
	n := newNotebook()
	if err := n.run(context.Background(), "print first"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		cell         []string
		ename, value string
		traceback    string // without colors
	}{
		"a compile error": {[]string{"print a", "\tprnt b"}, "CompileError", "In[2]:2:2: undefined: prnt",
			"CompileError: In[2]:2:2: undefined: prnt\n    2 | \tprnt b\n      | \t^"},
		"a compile error behind magics": {[]string{"%env A=1", "prnt b"}, "CompileError", "In[2]:2:1: undefined: prnt",
			"CompileError: In[2]:2:1: undefined: prnt\n    2 | prnt b\n      | ^"},
		"a magic behind code": {[]string{"print a", "%cd x"}, "CompileError", "In[2]:2:1: undefined: %cd",
			"CompileError: In[2]:2:1: undefined: %cd\n    2 | %cd x\n      | ^\nMagics stand at the head of a cell, in front of its code."},
		"a panic": {[]string{"", "\tpanic boom"}, "panic", "boom",
			"panic: boom\nIn[2]:2 in f\n    2 | \tpanic boom\n      | \t^\nIn[1]:1\n    1 | print first"},
		"an error with a hint":         {[]string{"missing"}, "Error", "no such thing (make one)", "Error: no such thing (make one)"},
		"another error":                {[]string{"eof"}, "Error", "EOF", "Error: EOF"},
		"a broken engine":              {[]string{"crash"}, "Error", "the interpreter itself failed, which is a bug in it: the engine is broken", ""},
		"a magic that is none":         {[]string{"%tiem x"}, "Error", "there is no magic %tiem", ""},
		"input where nobody can asked": {[]string{"input ?"}, "Error", "there is nobody to ask", ""},
	} {
		t.Run(name, func(t *testing.T) {
			n.number = 1
			err := n.run(context.Background(), c.cell...)
			if err == nil {
				t.Fatal("no error")
			}
			e := n.Explain(err)
			traceback := uncolored(strings.Join(e.Traceback, "\n"))
			if e.Name != c.ename || !strings.Contains(e.Value, c.value) || c.traceback != "" && traceback != c.traceback {
				t.Errorf("%s: %s\n%s\nwant %s: %s\n%s", e.Name, e.Value, traceback, c.ename, c.value, c.traceback)
			}
			if !strings.HasPrefix(e.Traceback[0], "\x1b[31m"+c.ename+"\x1b[0m: ") {
				t.Errorf("the traceback begins with %q", e.Traceback[0])
			}
		})
	}
}

func uncolored(text string) string {
	for _, color := range []string{"\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[0m"} {
		text = strings.ReplaceAll(text, color, "")
	}
	return text
}

func TestAnInterruptEndsTheCell(t *testing.T) {
	for name, cell := range map[string][]string{
		"that waits":            {"print a", "wait"},
		"that draws its result": {"print a", "slow"},
		"in a shell command":    {"!echo a; sleep 600"},
		"in a repeated line":    {"%timeit wait"},
		"in the line behind %time": {
			"%time wait"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNotebook()
			ctx, interrupt := context.WithCancel(context.Background())
			defer interrupt()
			go func() {
				if strings.HasPrefix(cell[0], "!") {
					n.await() // until the command runs
				} else {
					<-n.engine.entered
				}
				interrupt()
			}()
			err := n.run(ctx, cell...)
			var interrupted *interp.Interrupted
			if !errors.As(err, &interrupted) {
				t.Errorf("%v, want it interrupted", err)
			}
			if e := n.Explain(err); e.Name != "Interrupted" {
				t.Errorf("explained as %+v", e)
			}
			close(n.engine.release)
		})
	}
}

func TestExpressionsAreEvaluatedBehindACell(t *testing.T) {
	n := newNotebook()
	if err := n.run(context.Background(), "print a"); err != nil {
		t.Fatal(err)
	}
	bundle, err := n.Evaluate(context.Background(), 1, "value 42")
	if err != nil || bundle.Data["text/plain"] != "42" {
		t.Errorf("%v, %v", bundle.Data, err)
	}
	if _, err := n.Evaluate(context.Background(), 1, "eof"); !errors.Is(err, io.EOF) {
		t.Errorf("%v, want %v", err, io.EOF)
	}
	if got := n.take(); len(got) != 1 {
		t.Errorf("shown %q", got)
	}
}
