package display_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"paperlab/kernel/display"
)

// screen is a publisher that keeps what came, and when.
type screen struct {
	mu       sync.Mutex
	messages []display.Message
	times    []time.Time
	err      error
}

func (s *screen) Publish(m display.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages, s.times = append(s.messages, m), append(s.times, time.Now())
	return s.err
}

// fail makes it refuse what comes next; nil takes it again.
func (s *screen) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *screen) context(tb testing.TB) context.Context {
	return display.WithPublisher(tb.Context(), s)
}

// texts are what was drawn, one after the other.
func (s *screen) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var texts []string
	for _, m := range s.messages {
		texts = append(texts, fmt.Sprint(m.Data["text/plain"]))
	}
	return texts
}

func (s *screen) last() string {
	texts := s.texts()
	return texts[len(texts)-1]
}

func TestShowAndClear(t *testing.T) {
	s := &screen{}
	cell := display.Bind(s.context(t))
	named := display.HTML("<b>")
	named.Transient = display.MIMEMap{"display_id": "mine"}
	for _, err := range []error{cell.Display(1, "two"), cell.Display(), cell.Display(named), cell.ClearOutput(), cell.ClearOutput(true)} {
		if err != nil {
			t.Error(err)
		}
	}
	var kinds []string
	for _, m := range s.messages {
		kinds = append(kinds, fmt.Sprintf("%s %s %v", m.Kind, m.DisplayID, m.Wait))
	}
	want := []string{"display_data  false", "display_data  false", "display_data mine false", "clear_output  false", "clear_output  true"}
	if !slices.Equal(kinds, want) {
		t.Errorf("messages %q, want %q", kinds, want)
	}
	gone := errors.New("gone")
	s.fail(gone)
	if err := cell.Display(1, 2); !errors.Is(err, gone) || len(s.texts()) != 6 {
		t.Errorf("after %d messages: %v", len(s.texts()), err)
	}
}

func TestWithoutANotebookNothingIsShown(t *testing.T) {
	ctx := t.Context()
	if err := display.Show(ctx, 1); !errors.Is(err, display.ErrNoNotebook) {
		t.Error(err)
	}
	if _, err := display.NewHandle(ctx, 1); !errors.Is(err, display.ErrNoNotebook) {
		t.Error(err)
	}
	p := display.NewProgress(ctx, "", 2)
	p.Add(1)
	if err := p.Done(); !errors.Is(err, display.ErrNoNotebook) {
		t.Error(err)
	}
	if err := display.Flush(ctx); err != nil {
		t.Error(err)
	}
}

func TestInput(t *testing.T) {
	ctx := display.WithInput(t.Context(), func(_ context.Context, prompt string, password bool) (string, error) {
		if password {
			return "", errors.New("no passwords")
		}
		return "re: " + prompt, nil
	})
	if got := display.Bind(ctx).Input("name? "); got != "re: name? " {
		t.Errorf("the line is %q", got)
	}
	if _, err := display.InputFrom(ctx)(ctx, "", true); err == nil {
		t.Error("a password was given")
	}
	defer func() {
		if r := recover(); r != display.ErrNoInput {
			t.Errorf("without anybody to ask it panics with %v", r)
		}
	}()
	display.Bind(t.Context()).Input("name? ")
}

func TestAHandleIsDrawnFiveTimesASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		h, err := display.NewHandle(s.context(t), 0)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i <= 1000; i++ {
			time.Sleep(10 * time.Millisecond)
			if err := h.Update(i); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		if n := len(s.texts()); n < 50 || n > 52 {
			t.Errorf("%d drawings in ten seconds", n)
		}
		for i, at := range s.times[1:] {
			if gap := at.Sub(s.times[i]); gap < 200*time.Millisecond {
				t.Errorf("drawing %d comes %v after the one before", i+1, gap)
			}
		}
		for i, m := range s.messages {
			if m.DisplayID != h.ID() || (m.Kind == display.DisplayData) != (i == 0) {
				t.Errorf("message %d is %s of %s", i, m.Kind, m.DisplayID)
			}
		}
		if s.last() != "1000" {
			t.Errorf("the last state is %s", s.last())
		}
	})
}

func TestTheLastStateIsDrawnWithoutAnotherCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		h, err := display.NewHandle(s.context(t), "first")
		if err != nil {
			t.Fatal(err)
		}
		list := []string{"second"}
		if err := h.Update(list); err != nil {
			t.Fatal(err)
		}
		list[0] = "changed later" // what was given is drawn
		time.Sleep(199 * time.Millisecond)
		synctest.Wait()
		if got := s.texts(); len(got) != 1 {
			t.Errorf("drawn early: %q", got)
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if got := s.texts(); !slices.Equal(got, []string{"first", "[second]"}) {
			t.Errorf("drawn %q", got)
		}
	})
}

func TestFlushDrawsWhatIsYetToBeDrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		ctx := s.context(t)
		for _, name := range []string{"a", "b", "c"} {
			h, err := display.NewHandle(ctx, name)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if err := h.UpdateLater(func() any { return name + name }); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 2 {
			if err := display.Flush(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.texts(); !slices.Equal(got, []string{"a", "b", "c", "aa", "bb", "cc"}) {
			t.Errorf("drawn %q", got)
		}
		time.Sleep(time.Minute)
		if got := s.texts(); len(got) != 6 {
			t.Errorf("drawn again: %q", got)
		}
	})
}

func TestAnErrorOfALateDrawingIsToldNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		h, err := display.NewHandle(s.context(t), 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Update(2); err != nil {
			t.Fatal(err)
		}
		gone := errors.New("gone")
		s.fail(gone)
		time.Sleep(time.Second)
		s.fail(nil)
		if err := h.Update(3); !errors.Is(err, gone) {
			t.Errorf("the error is %v", err)
		}
		if err := h.Update(4); err != nil {
			t.Errorf("it is told twice: %v", err)
		}
	})
}

func TestWhatIsSlowToDrawIsDrawnLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		h, err := display.NewHandle(s.context(t), 0)
		if err != nil {
			t.Fatal(err)
		}
		for range 10_000 {
			err := h.UpdateLater(func() any { time.Sleep(100 * time.Millisecond); return 1 })
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
		if n := len(s.texts()); n > 8 {
			t.Errorf("a drawing of 0.1 s is made %d times in ten seconds", n)
		}
		if err := h.Flush(); err != nil { // waits for one under way
			t.Fatal(err)
		}
	})
}

func TestWhatPanicsWhileItIsDrawnIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		h, err := display.NewHandle(s.context(t), 0)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := h.UpdateLater(func() any { panic("not yet") }); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if want := "display: making what is shown panicked: not yet"; s.last() != want || len(s.texts()) != 4 {
			t.Errorf("%d drawings, the last %q", len(s.texts()), s.last())
		}
	})
}

func TestFlushWaitsForADrawingUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		ctx := s.context(t)
		h, err := display.NewHandle(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		slow := func(text string) func() any {
			return func() any { time.Sleep(time.Second); return text }
		}
		if err := h.UpdateLater(slow("first")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond) // the first is being drawn
		before := time.Now()
		if err := h.UpdateLater(slow("second")); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(before); waited > 0 {
			t.Errorf("the update waited %v for the drawing", waited)
		}
		if err := display.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if got := s.texts(); !slices.Equal(got, []string{"0", "first", "second"}) {
			t.Errorf("drawn %q", got)
		}
	})
}

func TestHandlesAreSharedByGoroutines(t *testing.T) {
	s := &screen{}
	ctx := s.context(t)
	h, err := display.NewHandle(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := display.NewProgress(ctx, "", 400)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 100 {
				if err := h.Update(i); err != nil {
					t.Error(err)
				}
				p.Add(1)
				if err := display.Flush(ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := p.Done(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(s.last(), "400/400 (100%)") {
		t.Errorf("the last state is %q", s.last())
	}
}

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		p := display.NewProgress(s.context(t), "reading", 1000)
		for range 500 {
			time.Sleep(101 * time.Millisecond)
			p.Add(1)
		}
		p.Note("loss 2.31")
		time.Sleep(time.Second)
		if want := "reading  [##########----------]  500/1,000 (50%)  9.88/s, 51s left  loss 2.31"; s.last() != want {
			t.Errorf("half-way it is %q, want %q", s.last(), want)
		}
		p.Set(1000)
		for range 2 {
			if err := p.Done(); err != nil {
				t.Fatal(err)
			}
		}
		if want := "reading  [####################]  1,000/1,000 (100%)  19.4/s, in 52s  loss 2.31"; s.last() != want {
			t.Errorf("in the end it is %q, want %q", s.last(), want)
		}
		n := len(s.texts())
		p.Add(1)
		time.Sleep(time.Second)
		if len(s.texts()) != n {
			t.Errorf("it is drawn after its end: %q", s.last())
		}
	})
}

func TestAnInterruptedProgressSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		ctx, interrupt := context.WithCancel(s.context(t))
		p := display.NewProgress(ctx, "reading", 10)
		p.Add(3)
		interrupt()
		if err := display.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		p.Add(1)
		if want := "reading  [######--------------]  3/10 (30%)  in 0s  interrupted"; s.last() != want {
			t.Errorf("it is %q, want %q", s.last(), want)
		}
	})
}

func TestBars(t *testing.T) {
	for _, test := range []struct {
		bar  display.Bar
		want string
	}{
		{display.Bar{}, "0"},
		{display.Bar{Label: "a", Total: 3}, "a  [--------------------]  0/3 (0%)"},
		{display.Bar{Label: "a", Done: 999, Total: 1000, Elapsed: 999 * time.Second}, "a  [###################-]  999/1,000 (99%)  1/s, 1s left"},
		{display.Bar{Label: "a", Done: 5, Total: 3, Elapsed: time.Second}, "a  [####################]  5/3 (100%)  5/s"},
		{display.Bar{Label: "a", Done: -5, Total: 3, Elapsed: time.Second}, "a  [--------------------]  -5/3 (0%)"},
		{display.Bar{Label: "a", Done: 60, Before: 50, Total: 100, Elapsed: 100 * time.Second}, "a  [############--------]  60/100 (60%)  10s each, 6m40s left"},
		{display.Bar{Label: "a", Done: 1_000_000, Elapsed: time.Second, Ended: true}, "a  1,000,000  1,000,000/s, in 1s"},
		{display.Bar{Label: "a", Done: 1, Total: 1 << 62, Elapsed: time.Hour}, "a  [--------------------]  1/4,611,686,018,427,387,904 (0%)  1h0m0s each, 876000h0m0s left"},
	} {
		if got := text(t, display.Render(test.bar), "text/plain"); got != test.want {
			t.Errorf("%+v: %q, want %q", test.bar, got, test.want)
		}
	}
	html := text(t, display.Render(display.Bar{Label: "reading", Done: 1, Total: 4}), "text/html")
	if !strings.Contains(html, `<progress value="1" max="4" aria-label="reading"`) {
		t.Errorf("the bar is %s", html)
	}
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		ctx, interrupt := context.WithTimeout(s.context(t), 9500*time.Millisecond)
		defer interrupt()
		n := 0
		err := display.Watch(ctx, time.Second, func(context.Context) (any, error) { n++; return n, nil })
		if err != nil || s.last() != "10" || len(s.texts()) != 10 {
			t.Errorf("%d drawings, the last %q, %v", len(s.texts()), s.last(), err)
		}
		gone := errors.New("gone")
		for after := range 3 {
			n := 0
			err = display.Watch(s.context(t), time.Second, func(context.Context) (any, error) {
				if n++; n > after {
					return nil, gone
				}
				return n, nil
			})
			if !errors.Is(err, gone) {
				t.Errorf("after %d: %v", after, err)
			}
		}
	})
}
