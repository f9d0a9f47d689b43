package exec_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"strings"
	"sync"
	"testing"

	"paperlab/kernel/interp/exec"
)

// watcher calls back once what is written to it contains the text that it waits for.
type watcher struct {
	buffer
	once sync.Once
	want string
	then func()
}

func (w *watcher) Write(p []byte) (int, error) {
	n, err := w.buffer.Write(p)
	if bytes.Contains([]byte(w.String()), []byte(w.want)) {
		w.once.Do(w.then)
	}
	return n, err
}

func TestAnInterruptStops(t *testing.T) {
	for _, test := range []struct{ name, body string }{
		{"an empty loop", `for {}`},
		{"a loop in a function literal", `func() { for i := 0; ; i++ { _ = i * i } }()`},
		{"recursion that branches", `var f func(n int) int; f = func(n int) int { if n == 0 { return 1 }; return f(n-1) + f(n-1) }; f(60)`},
		{"a sleep", `time.Sleep(time.Hour)`},
		{"a receive", `<-make(chan int)`},
		{"a receive from a nil channel", `var c chan int; <-c`},
		{"a send", `make(chan int) <- 1`},
		{"a select", `select { case <-make(chan int): case make(chan int) <- 1: }`},
		{"an empty select", `select {}`},
		{"a range over a channel", `for range make(chan int) {}`},
		{"a loop that recovers", `for { func() { defer func() { recover() }(); for {} }() }`},
		{"a callback from compiled code", `sort.Slice(make([]int, 10), func(i, j int) bool { for {} })`},
		{"a deferred loop", `defer func() { for {} }(); for {}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newMachine(t)
			pkg, _ := load(t, m, "cell", `import ("fmt"; "sort"; "time")
				var ( _ = sort.Ints; _ = time.Now; Before, Cleaned int )
				func cell() { Before = 7; defer func() { Cleaned = 8 }(); fmt.Println("ready"); `+test.body+` }`)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			out := &watcher{want: "ready", then: cancel}
			if err := pkg.Call(exec.NewTask(ctx, out, out), "cell"); !errors.Is(err, exec.ErrInterrupted) {
				t.Fatalf("got the error %v and %q, want the interrupt's", err, out)
			}
			// The machine goes on, with the variables as they were, and deferred calls were made.
			later, _ := load(t, m, "later", `func cell() { println("alive") }`)
			after := &buffer{}
			if err := later.Call(exec.NewTask(t.Context(), after, after), "cell"); err != nil || after.String() != "alive\n" {
				t.Errorf("afterwards got %q and %v", after, err)
			}
		})
	}
}

func TestAnInterruptRunsDeferredCalls(t *testing.T) {
	m := newMachine(t)
	pkg, scope := load(t, m, "cell", `import "sync"
		var Mu sync.Mutex; var Steps []string
		func cell() {
			Mu.Lock(); defer Mu.Unlock()
			defer func() { for i := range 3 { Steps = append(Steps, string(rune('a'+i))) } }()
			println("ready")
			for {}
		}`)
	ctx, cancel := context.WithCancel(t.Context())
	out := &watcher{want: "ready", then: cancel}
	if err := pkg.Call(exec.NewTask(ctx, out, out), "cell"); !errors.Is(err, exec.ErrInterrupted) {
		t.Fatal(err)
	}
	steps, _ := m.Variable(scope.Scope().Lookup("Steps").(*types.Var))
	mu, _ := m.Variable(scope.Scope().Lookup("Mu").(*types.Var))
	if got := fmt.Sprint(steps); got != "[a b c]" || !mu.Addr().Interface().(*sync.Mutex).TryLock() {
		t.Errorf("the deferred function did %s; the mutex must be free", got)
	}
}

func TestAnInterruptLeavesOtherTasksAlone(t *testing.T) {
	m := newMachine(t)
	background, scope := load(t, m, "background", `var Ticks = make(chan int); var Stop = make(chan bool)
		func cell() { go func() { for n := 0; ; n++ { select { case Ticks <- n: case <-Stop: close(Ticks); return } } }() }`)
	out := &buffer{}
	if err := background.Call(exec.NewTask(t.Context(), out, out), "init"); err != nil {
		t.Fatal(err)
	}
	if err := background.Call(exec.NewTask(t.Context(), out, out), "cell"); err != nil {
		t.Fatal(err)
	}
	known := []types.Object{scope.Scope().Lookup("Ticks"), scope.Scope().Lookup("Stop")}
	ctx, cancel := context.WithCancel(t.Context())
	w := &watcher{want: "ready", then: cancel}
	loop, _ := load(t, m, "loop", `func cell() { println("ready"); for { <-Ticks } }`, known...)
	if err := loop.Call(exec.NewTask(ctx, w, w), "cell"); !errors.Is(err, exec.ErrInterrupted) {
		t.Fatal(err)
	}
	rest, _ := load(t, m, "rest", `func cell() { a, b := <-Ticks, <-Ticks; Stop <- true; for range Ticks {}; println(b - a) }`, known...)
	if err := rest.Call(exec.NewTask(t.Context(), out, out), "cell"); err != nil || out.String() != "1\n" {
		t.Errorf("the background goroutine must go on: got %q, %v", out, err)
	}
}

func TestOutputBelongsToTheTaskThatStartedTheGoroutine(t *testing.T) {
	m := newMachine(t)
	first, scope := load(t, m, "first", `import ("fmt"; "log"; "os")
		var Go = make(chan bool); var Done = make(chan bool)
		func cell() {
			Go, Done = make(chan bool), make(chan bool)
			log.SetFlags(0)
			go func() { <-Go; fmt.Print("a"); fmt.Fprint(os.Stdout, "b"); fmt.Print("c"); log.Print("d"); println("e"); Done <- true }()
		}`)
	one, two := &buffer{}, &buffer{}
	task := exec.NewTask(t.Context(), one, one)
	if err := first.Call(task, "cell"); err != nil {
		t.Fatal(err)
	}
	second, _ := load(t, m, "second", `import "fmt"
		func cell() { fmt.Print("x"); Go <- true; <-Done; fmt.Print("y") }`, scope.Scope().Lookup("Go"), scope.Scope().Lookup("Done"))
	if err := second.Call(exec.NewTask(t.Context(), two, two), "cell"); err != nil {
		t.Fatal(err)
	}
	task.Flush()
	if got := one.String(); got != "abcd\ne\n" || two.String() != "xy" {
		t.Errorf("the first task got %q, the second %q", got, two)
	}
}

func TestOutputKeepsItsOrderWhicheverWayItGoes(t *testing.T) {
	m := newMachine(t)
	pkg, _ := load(t, m, "cell", `import ("fmt"; "log"; "os")
		func cell() {
			log.SetFlags(0)
			for range 50 {
				fmt.Print("a"); fmt.Fprint(os.Stderr, "b"); fmt.Print("c"); fmt.Fprint(os.Stdout, "d"); os.Stderr.WriteString("e")
				log.Print("f"); println("g"); fmt.Fprintln(os.Stdout, "h"); println("i")
			}
		}`)
	out := &buffer{}
	task := exec.NewTask(t.Context(), out, out)
	if err := pkg.Call(task, "cell"); err != nil {
		t.Fatal(err)
	}
	task.Flush()
	if got, want := out.String(), strings.Repeat("abcdef\ng\nh\ni\n", 50); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAPanicInAGoroutineIsReportedAndTheRestGoesOn(t *testing.T) {
	m := newMachine(t)
	pkg, _ := load(t, m, "cell", `import ("fmt"; "sync"; "time")
		func cell() {
			var wg sync.WaitGroup
			wg.Add(2)
			go func() { defer wg.Done(); panic("in a goroutine") }()
			time.AfterFunc(0, func() { defer wg.Done(); var m map[string]int; m["x"] = 1 })
			wg.Wait()
			fmt.Println("alive")
		}`)
	reported := make(chan bool)
	out := &buffer{}
	stderr := &watcher{want: "nil map", then: func() { close(reported) }}
	if err := pkg.Call(exec.NewTask(t.Context(), out, stderr), "cell"); err != nil || out.String() != "alive\n" {
		t.Fatalf("got %q and %v", out, err)
	}
	<-reported
}

func TestEndlessRecursionIsAPanic(t *testing.T) {
	for name, source := range map[string]string{
		"of functions":            `func f(n int) int { return f(n+1) + 1 }; func main() { f(0) }`,
		"by way of compiled code": `import "sort"; func f() { sort.Slice(make([]int, 2), func(i, j int) bool { f(); return true }) }; func main() { f() }`,
		"of a method seen by fmt": `import "fmt"; type T struct{ x int }; func (t T) String() string { return fmt.Sprint(t) }; func main() { panic(fmt.Sprint(T{})) }`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := run(t, source)
			if p, ok := err.(*exec.Panic); !ok || !strings.Contains(p.Error(), "stack overflow") {
				t.Errorf("got %.200v, want a stack overflow", err)
			}
		})
	}
}

// Declaring types while other goroutines call methods of interpreted types: the race detector looks on.
func TestTypesAreDeclaredWhileMethodsRun(t *testing.T) {
	m := newMachine(t)
	background, scope := load(t, m, "background", `import ("fmt"; "sync/atomic")
		type S interface{ F() int }
		type A struct{ x int }
		func (a A) F() int { return a.x }
		func (a A) String() string { return fmt.Sprint(a.x) }
		var Calls atomic.Int64; var Stop atomic.Bool; var Done = make(chan bool)
		func cell() {
			Done = make(chan bool)
			go func() {
				var s S = A{1}
				for !Stop.Load() {
					var x any = s
					if _, ok := x.(A); ok { Calls.Add(int64(s.F())) }
					_ = fmt.Sprint(s)
				}
				Done <- true
			}()
		}`)
	out := &buffer{}
	if err := background.Call(exec.NewTask(t.Context(), out, out), "cell"); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		pkg, _ := load(t, m, fmt.Sprint("cell", i), `import "fmt"
			type T struct{ X int }
			func (t T) F() int { return t.X }
			func (t *T) String() string { return fmt.Sprint("T", t.X) }
			func cell() { var s interface{ F() int } = T{`+fmt.Sprint(i)+`}; fmt.Sprint(s.F(), &T{}) }`)
		if err := pkg.Call(exec.NewTask(t.Context(), out, out), "cell"); err != nil {
			t.Fatal(err)
		}
	}
	stop, _ := load(t, m, "stop", `import "runtime"
		func cell() { for Calls.Load() < 100 { runtime.Gosched() }; Stop.Store(true); <-Done }`,
		scope.Scope().Lookup("Stop"), scope.Scope().Lookup("Done"), scope.Scope().Lookup("Calls"))
	if err := stop.Call(exec.NewTask(context.Background(), out, out), "cell"); err != nil {
		t.Fatal(err)
	}
}

// taskContext declares a variable Ctx, which is the task's context.
func taskContext(t *testing.T, m *exec.Machine) types.Object {
	t.Helper()
	pkg, err := m.Importer().Import("context")
	if err != nil {
		t.Fatal(err)
	}
	return m.TaskVar("Ctx", pkg.Scope().Lookup("Context").Type(), func(task *exec.Task) reflect.Value {
		ctx := task.Context()
		return reflect.ValueOf(&ctx).Elem()
	})
}

func TestCompiledCodeThatIsInterruptedHearsItsCallbacks(t *testing.T) {
	m := newMachine(t)
	pkg, scope := load(t, m, "cell", `import ("runtime"; "sync")
		var Told string
		func cell() {
			var once sync.Once
			once.Do(func() {
				println("ready")
				for Ctx.Err() == nil { runtime.Gosched() }
				for range 100 { Told += "." }
			})
			for {}
		}`, taskContext(t, m))
	ctx, cancel := context.WithCancel(t.Context())
	out := &watcher{want: "ready", then: cancel}
	if err := pkg.Call(exec.NewTask(ctx, out, out), "cell"); !errors.Is(err, exec.ErrInterrupted) {
		t.Fatal(err)
	}
	told, _ := m.Variable(scope.Scope().Lookup("Told").(*types.Var))
	if len(told.String()) != 100 {
		t.Errorf("the callback was cut off: it told %q", told)
	}
}

func TestAGuardedCallPassesPanicsOn(t *testing.T) {
	m := newMachine(t)
	pkg, scope := load(t, m, "cell", `import "fmt"
		type T struct{ n int }
		func (t T) String() string { if t.n == 0 { panic("none") }; return fmt.Sprint("T", t.n) }
		var Values []any
		func cell() { Values = []any{T{1}, T{}} }`)
	out := &buffer{}
	task := exec.NewTask(t.Context(), out, out)
	if err := pkg.Call(task, "cell"); err != nil {
		t.Fatal(err)
	}
	all, _ := m.Variable(scope.Scope().Lookup("Values").(*types.Var))
	var text string
	task.Guard(func() { text = fmt.Sprint(all.Interface().([]any)...) })
	if want := "T1 %!v(PANIC=String method: none)"; text != want || out.String() != "" {
		t.Errorf("fmt got %q and the task %q, want %q", text, out, want)
	}
}
