package rtype_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"runtime/debug"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/goplus/reflectx"
	_ "github.com/goplus/reflectx/icall/icall8192" // the entries that the collector does not know
)

// What the methods of the types under stress do, receivers being values.
var (
	collections atomic.Int64
	bodies      = map[string]func(reflect.Value, []reflect.Value) []any{
		"Node.String": say("node %d", 0),
		"Node.Error": func(receiver reflect.Value, _ []reflect.Value) []any {
			growStack(100)
			if collections.Add(1)%32 == 0 {
				runtime.GC()
			}
			return []any{receiver.Field(1).Index(0).Elem().String()}
		},
		"Node.Write": func(_ reflect.Value, args []reflect.Value) []any {
			garbage := make([][]byte, 100)
			for i := range garbage {
				garbage[i] = make([]byte, 16)
			}
			return []any{len(garbage), errors.New(string(args[0].Bytes()))}
		},
		"List.Len": func(receiver reflect.Value, _ []reflect.Value) []any { return []any{receiver.Len()} },
		"List.Less": func(receiver reflect.Value, args []reflect.Value) []any {
			at := func(i int) string { return receiver.Index(int(args[i].Int())).Elem().String() }
			return []any{at(0) < at(1)}
		},
		"List.Swap": func(receiver reflect.Value, args []reflect.Value) []any {
			i, j := receiver.Index(int(args[0].Int())), receiver.Index(int(args[1].Int()))
			x, y := i.Interface(), j.Interface()
			i.Set(reflect.ValueOf(y))
			j.Set(reflect.ValueOf(x))
			return nil
		},
	}
)

func growStack(depth int) int {
	var frame [128]byte
	if depth == 0 {
		return int(frame[0])
	}
	return growStack(depth-1) + int(frame[depth])
}

const stressed = `
type Node struct { X int; Kids []*string }
func (n Node) String() string { return "" }
func (n *Node) Error() string { return "" }
func (n *Node) Write([]byte) (int, error) { return 0, nil }
type List []*string
func (l List) Len() int { return 0 }
func (l List) Less(i, j int) bool { return false }
func (l List) Swap(i, j int) {}
`

// byAssembly declares the type Node with reflectx's own entries.
func byAssembly(t *testing.T) reflect.Type {
	context := reflectx.NewContext()
	underlying := reflect.TypeFor[struct {
		X    int
		Kids []*string
	}]()
	typ := context.NewMethodSet(reflectx.NamedTypeOf("main", "Node", underlying), 1, 3)
	method := func(name string, pointer bool, of any) reflectx.Method {
		return reflectx.MakeMethod(name, "main", pointer, reflect.TypeOf(of), func(args []reflect.Value) []reflect.Value {
			receiver := reflect.New(reflect.Indirect(args[0]).Type()).Elem()
			receiver.Set(reflect.Indirect(args[0]))
			var results []reflect.Value
			for _, result := range bodies["Node."+name](receiver, args[1:]) {
				results = append(results, reflect.ValueOf(result))
			}
			return results
		})
	}
	methods := []reflectx.Method{
		method("Error", true, (func() string)(nil)),
		method("String", false, (func() string)(nil)),
		method("Write", true, (func([]byte) (int, error))(nil)),
	}
	if err := context.SetMethodSet(typ, methods, false); err != nil {
		t.Fatal(err)
	}
	return typ
}

// stress calls methods from compiled code in many goroutines while the collector runs all the time. What a call works on,
// nothing but the call holds.
func stress(t *testing.T, node, list reflect.Type) {
	debug.SetGCPercent(1)
	build := func(i int) any {
		n, kid := reflect.New(node), fmt.Sprint("kid ", i)
		n.Elem().Field(0).SetInt(int64(i))
		n.Elem().Field(1).Set(reflect.ValueOf([]*string{&kid}))
		return n.Interface()
	}
	expect := func(got, want string) {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	var all sync.WaitGroup
	for worker := range 16 {
		all.Go(func() {
			for i := range 100 {
				for j := range 100 {
					expect(build(j).(fmt.Stringer).String(), fmt.Sprintf("node %d", j))
				}
				var fresh sync.WaitGroup // a goroutine whose small stack moves while the method runs
				fresh.Go(func() { expect(build(i).(error).Error(), fmt.Sprint("kid ", i)) })
				fresh.Wait()
				_, err := build(i).(io.Writer).Write(fmt.Appendf(nil, "%d %d", worker, i))
				expect(err.Error(), fmt.Sprintf("%d %d", worker, i))
				if list == nil {
					continue
				}
				words := reflect.MakeSlice(list, 0, 8)
				for j := range 8 {
					word := fmt.Sprint(worker, i, 8-j)
					words = reflect.Append(words, reflect.ValueOf(&word))
				}
				sort.Sort(words.Interface().(sort.Interface))
				if !sort.IsSorted(words.Interface().(sort.Interface)) {
					t.Error("not sorted")
				}
			}
		})
	}
	all.Wait()
}

func TestMethodsSurviveTheCollector(t *testing.T) {
	switch os.Getenv("RTYPE_TEST") {
	case "ours":
		declared := newNotebook(t, bodies).declare(stressed)
		stress(t, declared["Node"], declared["List"])
		return
	case "assembly":
		for range 5 {
			stress(t, byAssembly(t), nil)
		}
		return
	}
	for _, variant := range []string{"ours", "assembly"} {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), "RTYPE_TEST="+variant)
		out, err := child.CombinedOutput()
		switch {
		case variant == "ours" && err != nil:
			t.Errorf("%v\n%s", err, out)
		case variant == "assembly" && err == nil:
			t.Log("reflectx's own entries survived this time; they are expected to crash")
		case variant == "assembly":
			t.Logf("reflectx's own entries: %v, %s", err, strings.SplitN(string(out), "\n", 2)[0])
		}
	}
}
