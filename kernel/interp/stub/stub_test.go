package stub

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"runtime/debug"
	"sort"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/goplus/reflectx"
	"github.com/goplus/reflectx/abi"
	_ "github.com/goplus/reflectx/icall/icall8192"
)

// assembly is reflectx's own list of providers, kept before this package takes its place.
var assembly = abi.Default

// A method of a type under test: what it is called and what it does.
type method struct {
	name    string
	pointer bool
	typ     any // a function of its type, without receiver
	body    func(args []reflect.Value) []reflect.Value
}

// declare makes a named type with methods.
func declare(t testing.TB, name string, underlying reflect.Type, methods ...method) reflect.Type {
	t.Helper()
	values, list := 0, []reflectx.Method(nil)
	for _, m := range methods {
		if !m.pointer {
			values++
		}
		list = append(list, reflectx.MakeMethod(m.name, "main", m.pointer, reflect.TypeOf(m.typ), m.body))
	}
	context := reflectx.NewContext()
	typ := context.NewMethodSet(reflectx.NamedTypeOf("main", name, underlying), values, len(methods))
	if err := context.SetMethodSet(typ, list, false); err != nil {
		t.Fatal(err)
	}
	return typ
}

var pair = reflect.TypeOf(struct {
	X    int
	Name string
}{})

func one[T any](v T) []reflect.Value { return []reflect.Value{reflect.ValueOf(&v).Elem()} }

type (
	large struct{ A, B, C, D, E, F, G, H, I, J int }
	mixed struct {
		F float32
		S string
		B bool
		C complex128
	}
	manyIn interface {
		Many(a int8, b string, c float32, d []byte, e any, f float64, g func() int, h map[string]int, i uint16, j string) (string, float32, error, int8)
	}
	largeIn interface {
		Large(large, mixed, [3]int16) (large, mixed)
	}
	variadic interface {
		Sum(string, ...float64) string
	}
	floats interface {
		Floats(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q float64) float64
	}
)

func TestEverySignatureArrivesAndReturnsWhole(t *testing.T) {
	typ := declare(t, "Any", pair,
		method{"Many", true, (func(int8, string, float32, []byte, any, float64, func() int, map[string]int, uint16, string) (string, float32, error, int8))(nil), func(a []reflect.Value) []reflect.Value {
			text := fmt.Sprint(a[0].Elem().Field(0), a[1], a[2], a[3], string(a[4].Bytes()), a[5].Interface(), a[6], a[7].Call(nil)[0], a[8], a[9], a[10])
			return []reflect.Value{reflect.ValueOf(text), reflect.ValueOf(float32(1.5)), reflect.ValueOf(errors.New("e")), reflect.ValueOf(int8(-3))}
		}},
		method{"Large", false, (func(large, mixed, [3]int16) (large, mixed))(nil), func(a []reflect.Value) []reflect.Value {
			l, m, r := a[1].Interface().(large), a[2].Interface().(mixed), a[3].Interface().([3]int16)
			l.J += int(r[2])
			m.S += a[0].Field(1).String()
			return []reflect.Value{reflect.ValueOf(l), reflect.ValueOf(m)}
		}},
		method{"Sum", false, (func(string, ...float64) string)(nil), func(a []reflect.Value) []reflect.Value {
			return one(fmt.Sprint(a[1], a[2].Interface(), a[0].Field(0)))
		}},
		method{"Floats", true, (func(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q float64) float64)(nil), func(a []reflect.Value) []reflect.Value {
			sum := 0.0
			for i, v := range a[1:] {
				sum += float64(i) * v.Float()
			}
			return one(sum)
		}})
	v := reflect.New(typ)
	v.Elem().Field(0).SetInt(7)
	v.Elem().Field(1).SetString("seven")

	s, f, err, i := v.Interface().(manyIn).Many(-1, "b", 2.5, []byte("d"), 'e', math.Pi, func() int { return 6 }, map[string]int{"h": 8}, 9, "j")
	if want := "7 -1 b 2.5d101 3.141592653589793 6 map[h:8] 9 j"; s != want || f != 1.5 || err.Error() != "e" || i != -3 {
		t.Errorf("got %q %v %v %v, want %q 1.5 e -3", s, f, err, i, want)
	}
	l, m := v.Elem().Interface().(largeIn).Large(large{A: 1, J: 10}, mixed{2, "s", true, 3i}, [3]int16{4, 5, 6})
	if (l != large{A: 1, J: 16}) || (m != mixed{2, "sseven", true, 3i}) {
		t.Errorf("got %v %v", l, m)
	}
	if got := v.Interface().(variadic).Sum("x", 1, 2, 3); got != "x [1 2 3] 7" {
		t.Errorf("got %q", got)
	}
	if got := v.Interface().(floats).Floats(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2); got != 152 {
		t.Errorf("got %v, want 152", got)
	}
}

func TestAValueMethodOfAMapTypeReceivesTheMap(t *testing.T) {
	typ := declare(t, "Set", reflect.TypeOf(map[string]int(nil)),
		method{"String", false, (func() string)(nil), func(a []reflect.Value) []reflect.Value { return one(fmt.Sprint("set of ", a[0].Len())) }})
	v := reflect.MakeMap(typ)
	v.SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf(1))
	p := reflect.New(typ)
	p.Elem().Set(v)
	if got := fmt.Sprint(v.Interface(), p.Interface()); got != "set of 1 set of 1" {
		t.Errorf("got %q", got)
	}
}

func TestAValueMethodThroughANilPointerIsARuntimeError(t *testing.T) {
	typ := declare(t, "V", pair,
		method{"String", false, (func() string)(nil), func(a []reflect.Value) []reflect.Value { return one("never") }})
	nothing := reflect.Zero(reflect.PointerTo(typ)).Interface()
	if got := fmt.Sprint(nothing); got != "<nil>" {
		t.Errorf("fmt printed %q, want <nil>", got)
	}
	defer func() {
		err, _ := recover().(runtime.Error)
		if err == nil || err.Error() != "value method main.V.String called using nil *V pointer" {
			t.Errorf("got %v", err)
		}
	}()
	_ = nothing.(fmt.Stringer).String()
}

func TestAPanicPassesThroughAMethod(t *testing.T) {
	typ := declare(t, "P", pair,
		method{"Error", true, (func() string)(nil), func([]reflect.Value) []reflect.Value { panic("from below") }})
	defer func() {
		if got := recover(); got != "from below" {
			t.Errorf("recovered %v", got)
		}
	}()
	_ = reflect.New(typ).Interface().(error).Error()
}

func growStack(depth int) int {
	var frame [128]byte
	if depth == 0 {
		return int(frame[0])
	}
	return growStack(depth-1) + int(frame[depth])
}

// stress calls methods of run-time types from compiled code in many goroutines while the collector runs all the time.
func stress(t testing.TB) {
	debug.SetGCPercent(1)
	node := declare(t, "Node", reflect.TypeOf(struct {
		X    int
		Kids []*string
	}{}),
		method{"String", false, (func() string)(nil), func(a []reflect.Value) []reflect.Value {
			return one(fmt.Sprintf("node %d", a[0].Field(0).Int()))
		}},
		method{"Error", true, (func() string)(nil), func(a []reflect.Value) []reflect.Value {
			growStack(100)
			runtime.GC()
			return one(a[0].Elem().Field(1).Index(0).Elem().String())
		}},
		method{"Write", true, (func([]byte) (int, error))(nil), func(a []reflect.Value) []reflect.Value {
			garbage := make([][]byte, 100)
			for i := range garbage {
				garbage[i] = make([]byte, 16)
			}
			return []reflect.Value{reflect.ValueOf(len(garbage)), reflect.ValueOf(errors.New(string(a[1].Bytes())))}
		}})
	build := func(i int) any {
		n, kid := reflect.New(node), fmt.Sprint("kid ", i)
		n.Elem().Field(0).SetInt(int64(i))
		n.Elem().Field(1).Set(reflect.ValueOf([]*string{&kid}))
		return n.Interface()
	}
	list := declare(t, "List", reflect.TypeOf([]*string(nil)),
		method{"Len", false, (func() int)(nil), func(a []reflect.Value) []reflect.Value { return one(a[0].Len()) }},
		method{"Less", false, (func(i, j int) bool)(nil), func(a []reflect.Value) []reflect.Value {
			at := func(i int) string { return a[0].Index(int(a[i].Int())).Elem().String() }
			return one(at(1) < at(2))
		}},
		method{"Swap", false, (func(i, j int))(nil), func(a []reflect.Value) []reflect.Value {
			reflect.Swapper(a[0].Interface())(int(a[1].Int()), int(a[2].Int()))
			return nil
		}})
	var all sync.WaitGroup
	for worker := range 16 {
		all.Go(func() {
			for i := range 100 {
				for j := range 100 {
					if got, want := build(j).(fmt.Stringer).String(), fmt.Sprintf("node %d", j); got != want {
						t.Errorf("got %q, want %q", got, want)
					}
				}
				var fresh sync.WaitGroup // a goroutine whose small stack moves while the method runs
				fresh.Go(func() {
					if got, want := build(i).(error).Error(), fmt.Sprint("kid ", i); got != want {
						t.Errorf("got %q, want %q", got, want)
					}
				})
				fresh.Wait()
				if _, got := build(i).(io.Writer).Write(fmt.Appendf(nil, "%d %d", worker, i)); got.Error() != fmt.Sprintf("%d %d", worker, i) {
					t.Errorf("got %q, want %d %d", got, worker, i)
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
	switch os.Getenv("STUB_TEST") {
	case "ours":
		stress(t)
		return
	case "assembly":
		abi.Default = assembly
		for range 5 {
			stress(t)
		}
		return
	}
	for _, variant := range []string{"ours", "assembly"} {
		out, err := child(t, variant)
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

func TestEveryEntryIsItsOwnAndThoseBeyondTheLastSaySo(t *testing.T) {
	if os.Getenv("STUB_TEST") != "all" {
		if out, err := child(t, "all"); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	var codes []unsafe.Pointer
	for i := 0; Available() > 1; i++ {
		codes = append(codes, Enter(reflect.ValueOf(func(receiver *int) int { return i + *receiver }), "Add"))
	}
	receiver := 1000
	for i, code := range codes {
		function := &code
		if got := (*(*func(*int) int)(unsafe.Pointer(&function)))(&receiver); got != i+receiver {
			t.Fatalf("entry %d gave %d", i, got)
		}
	}
	late := declare(t, "Late", pair, method{"String", true, (func() string)(nil), nil})
	defer func() {
		if got := recover(); got != (Exhausted{"main.Late.String"}) {
			t.Errorf("recovered %v", got)
		}
	}()
	_ = reflect.New(late).Interface().(fmt.Stringer).String()
}

// child runs the calling test again in a process of its own, which finds the variant in STUB_TEST.
func child(t *testing.T, variant string) ([]byte, error) {
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	command.Env = append(os.Environ(), "STUB_TEST="+variant)
	return command.CombinedOutput()
}
