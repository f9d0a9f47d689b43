package exec

import (
	"context"
	"fmt"
	"io"
	"iter"
	"log"
	"os"
	"reflect"
	"time"
)

// orphan is the task of code that runs for no cell.
var orphan = NewTask(context.Background(), io.Discard, os.Stderr)

// natives take the place of compiled functions that would end the process, could not be interrupted, or write to the
// process's own output instead of the cell's.
var natives = map[string]native{
	"fmt.Print": func(g *goroutine, args []reflect.Value) []reflect.Value {
		return results(fmt.Fprint(g.task.stdout, anys(args[0])...))
	},
	"fmt.Println": func(g *goroutine, args []reflect.Value) []reflect.Value {
		return results(fmt.Fprintln(g.task.stdout, anys(args[0])...))
	},
	"fmt.Printf": func(g *goroutine, args []reflect.Value) []reflect.Value {
		return results(fmt.Fprintf(g.task.stdout, args[0].String(), anys(args[1])...))
	},
	"log.Print":       logging(func(args []any) string { return fmt.Sprint(args...) }, nil),
	"log.Println":     logging(func(args []any) string { return fmt.Sprintln(args...) }, nil),
	"log.Printf":      loggingf(nil),
	"log.Fatal":       logging(func(args []any) string { return fmt.Sprint(args...) }, leave),
	"log.Fatalln":     logging(func(args []any) string { return fmt.Sprintln(args...) }, leave),
	"log.Fatalf":      loggingf(leave),
	"log.Panic":       logging(func(args []any) string { return fmt.Sprint(args...) }, raise),
	"log.Panicln":     logging(func(args []any) string { return fmt.Sprintln(args...) }, raise),
	"log.Panicf":      loggingf(raise),
	"os.Exit":         func(_ *goroutine, args []reflect.Value) []reflect.Value { panic(exit{int(args[0].Int())}) },
	"iter@patch.pull": pull,
	"time.Sleep":      sleep,
}

func results[T any](v T, err error) []reflect.Value {
	return []reflect.Value{reflect.ValueOf(v), reflect.ValueOf(&err).Elem()}
}

func anys(slice reflect.Value) []any {
	args, _ := slice.Interface().([]any)
	return args
}

func leave(string)      { panic(exit{1}) }
func raise(text string) { panic(text) }

// logging is one of package log's functions on the standard logger. Unless the logger was pointed elsewhere, it writes to
// the cell's stderr.
func logging(word func([]any) string, then func(string)) native {
	return func(g *goroutine, args []reflect.Value) []reflect.Value {
		g.log(word(anys(args[0])), then)
		return nil
	}
}

func loggingf(then func(string)) native {
	return func(g *goroutine, args []reflect.Value) []reflect.Value {
		g.log(fmt.Sprintf(args[0].String(), anys(args[1])...), then)
		return nil
	}
}

func (g *goroutine) log(text string, then func(string)) {
	logger := log.Default()
	if logger.Writer() == io.Writer(os.Stderr) {
		logger = log.New(g.task.stderr, logger.Prefix(), logger.Flags()&^(log.Lshortfile|log.Llongfile))
	}
	logger.Print(text)
	if then != nil {
		then(text)
	}
}

// sleep is time.Sleep that an interrupt ends.
func sleep(g *goroutine, args []reflect.Value) []reflect.Value {
	timer := time.NewTimer(time.Duration(args[0].Int()))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-g.task.ctx.Done():
		g.task.stop.Store(true)
		g.check()
	}
	return nil
}

// pull is iter.Pull for the sequences of interpreted code, whose coroutine works for the caller's task.
func pull(g *goroutine, args []reflect.Value) []reflect.Value {
	seq := args[0].Interface().(func(func(any) bool))
	next, stop := iter.Pull(func(yield func(any) bool) { g.task.Guard(func() { seq(yield) }) })
	return []reflect.Value{reflect.ValueOf(next), reflect.ValueOf(stop)}
}
