package console_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"paperlab/lib/console"
)

// clock is a time that goes on when the test says so.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Unix(1_000_000, 0)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func loss(v float64) console.Value { return console.Value{Name: "loss", Value: v} }

func TestPlainProgressWritesALineEveryFiveSeconds(t *testing.T) {
	var out strings.Builder
	clock := newClock()
	p := console.NewProgress(&out, clock.Now, console.Task{Label: "training", Unit: "step", Total: 20})
	for i := range 20 {
		clock.pass(2 * time.Second)
		p.Add(1, loss(4/float64(i+1)), console.Value{Name: "lr", Value: 5e-5})
		if i == 9 {
			p.Linef("epoch %d: validation loss %.2f", 1, 0.5)
		}
	}
	p.End()
	want := `training: 3/20 (15%), 2 s/step, 34s left, loss 1.333, lr 5e-05
training: 6/20 (30%), 2 s/step, 28s left, loss 0.6667, lr 5e-05
training: 9/20 (45%), 2 s/step, 22s left, loss 0.4444, lr 5e-05
epoch 1: validation loss 0.50
training: 12/20 (60%), 2 s/step, 16s left, loss 0.3333, lr 5e-05
training: 15/20 (75%), 2 s/step, 10s left, loss 0.2667, lr 5e-05
training: 18/20 (90%), 2 s/step, 4s left, loss 0.2222, lr 5e-05
training: 20/20 (100%), 2 s/step, done in 40s, loss 0.2, lr 5e-05
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

func TestTheLastLineSaysHowItEnded(t *testing.T) {
	for name, c := range map[string]struct {
		task console.Task
		take time.Duration
		set  int64
		vals []console.Value
		want string
	}{
		"at once":        {console.Task{Label: "copying", Unit: "file", Total: 2}, 0, 2, nil, "copying: 2/2 (100%), done in 0s"},
		"nothing done":   {console.Task{Label: "copying", Unit: "file", Total: 2}, time.Second, 0, nil, "copying: 0/2 (0%), stopped after 1s"},
		"stopped":        {console.Task{Label: "training", Unit: "step", Total: 100}, 90 * time.Second, 30, nil, "training: 30/100 (30%), 3 s/step, stopped after 1m30s"},
		"total unknown":  {console.Task{Label: "reading", Unit: "line"}, 10 * time.Second, 123_456, nil, "reading: 123456, 12346 line/s, done in 10s"},
		"resumed":        {console.Task{Label: "training", Unit: "step", Total: 100, Done: 90}, 20 * time.Second, 100, nil, "training: 100/100 (100%), 2 s/step, done in 20s"},
		"more than all":  {console.Task{Label: "reading", Unit: "paper", Total: 10}, 10 * time.Second, 15, nil, "reading: 15/10 (150%), 1.5 paper/s, done in 10s"},
		"very slow":      {console.Task{Label: "x", Unit: "step", Total: 2}, 5000 * time.Hour, 1, nil, "x: 1/2 (50%), 18000000 s/step, stopped after 5000h0m0s"},
		"not finite":     {console.Task{Label: "x", Unit: "step"}, 10 * time.Second, 10, []console.Value{loss(math.NaN()), {Name: "norm", Value: math.Inf(1)}}, "x: 10, 1 step/s, done in 10s, loss NaN, norm +Inf"},
		"foreign labels": {console.Task{Label: "été\x1b\n\xff", Unit: "step"}, 10 * time.Second, 10, nil, "été ; \ufffd: 10, 1 step/s, done in 10s"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			clock := newClock()
			p := console.NewProgress(&out, clock.Now, c.task)
			if c.set > 0 {
				p.Set(c.set, c.vals...)
			}
			clock.pass(c.take)
			p.End()
			p.End()
			p.Add(5)
			if out.String() != c.want+"\n" {
				t.Errorf("got  %swant %s", out.String(), c.want)
			}
		})
	}
}

func TestProgressIsSharedByGoroutines(t *testing.T) {
	var out strings.Builder
	clock := newClock()
	p := console.NewProgress(&out, clock.Now, console.Task{Label: "embedding", Unit: "paper", Total: 4000})
	count(p, clock)
	p.End()
	if want := "embedding: 4000/4000 (100%)"; !strings.Contains(out.String(), want) {
		t.Errorf("%q does not hold %q", out.String(), want)
	}
}

// count adds 4000 from eight goroutines.
func count(p *console.Progress, clock *clock) {
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 500 {
				clock.pass(time.Millisecond)
				p.Add(1, loss(float64(i)))
			}
			p.Linef("goroutine %d is done", g)
		})
	}
	wg.Wait()
}

func TestProgressOutlivesAWriterThatFails(t *testing.T) {
	clock := newClock()
	p := console.NewProgress(broken{}, clock.Now, console.Task{Label: "x", Unit: "step", Total: 1})
	clock.pass(time.Minute)
	p.Add(1)
	p.Linef("x")
	p.End()
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestTheBarOnATerminalRedrawsInPlace(t *testing.T) {
	t.Setenv("TERM", "xterm")
	clock := newClock()
	screen, terminal := pseudoTerminal(t, 100)
	p := console.NewProgress(terminal, clock.Now, console.Task{Label: "training", Unit: "step", Total: 1000})
	clock.pass(50 * time.Second)
	p.Set(350, loss(2.3))
	screen.wait("training 350/1000 (35%) [====")
	screen.wait("] loss 2.3, 7 step/s, 1m33s left")
	p.Linef("epoch 1 saved")
	screen.wait("epoch 1 saved\r\n")
	clock.pass(50 * time.Second)
	p.Set(1000, loss(1.1))
	p.End()
	screen.wait("training 1000/1000 (100%) [====")
	screen.wait("=] loss 1.1, 10 step/s, done in 1m40s\r\n")
	if !strings.Contains(screen.seen, "\x1b[1A") {
		t.Errorf("the cursor never went up: %q", screen.seen)
	}
}

func TestTheBarIsSharedByGoroutines(t *testing.T) {
	t.Setenv("TERM", "xterm")
	clock := newClock()
	screen, terminal := pseudoTerminal(t, 40)
	p := console.NewProgress(terminal, clock.Now, console.Task{Label: "embedding", Unit: "paper"})
	count(p, clock)
	p.End()
	screen.wait("embedding 4000")
	p.Linef("a line after the end")
	screen.wait("a line after the end")
}

func TestTerminalsThatCannotShowABarGetPlainLines(t *testing.T) {
	for name, c := range map[string]struct {
		term    string
		columns uint16
	}{"dumb": {"dumb", 100}, "narrow": {"xterm", 39}, "of unknown width": {"xterm", 0}} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TERM", c.term)
			screen, terminal := pseudoTerminal(t, c.columns)
			p := console.NewProgress(terminal, newClock().Now, console.Task{Label: "training", Unit: "step", Total: 1})
			p.Add(1)
			p.End()
			screen.wait("training: 1/1 (100%), done in 0s\r\n")
		})
	}
}

// A screen is what a terminal received.
type screen struct {
	t    *testing.T
	from *os.File
	seen string
}

// wait reads until text has appeared.
func (s *screen) wait(text string) {
	s.t.Helper()
	buf := make([]byte, 4096)
	for !strings.Contains(s.seen, text) {
		n, err := s.from.Read(buf)
		if err != nil {
			s.t.Fatalf("%v before %q; the terminal shows %q", err, text, s.seen)
		}
		s.seen += string(buf[:n])
	}
}

// pseudoTerminal returns the two ends of a terminal.
func pseudoTerminal(t *testing.T, columns uint16) (*screen, *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	n, err := unlock(master, columns)
	if err != nil {
		t.Fatal(err)
	}
	// A text that never comes fails the test instead of keeping it waiting.
	if err := master.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slave.Close() })
	return &screen{t: t, from: master}, slave
}

// unlock makes the other end of a terminal ready and returns its number. It leaves the file in the mode that deadlines
// need, which File.Fd would change.
func unlock(master *os.File, columns uint16) (n int, err error) {
	conn, err := master.SyscallConn()
	if err != nil {
		return 0, err
	}
	var unlocked, numbered, sized error
	err = conn.Control(func(fd uintptr) {
		unlocked = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0)
		n, numbered = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		sized = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns})
	})
	return n, errors.Join(err, unlocked, numbered, sized)
}
