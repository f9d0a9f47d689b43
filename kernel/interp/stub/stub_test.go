package stub_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"reflect"
	"testing"
	"unsafe"

	"paperlab/kernel/interp/stub"
)

// entered makes a function by reflection, enters it, and gives back what compiled code would call.
func entered[F any](body func(args []reflect.Value) []reflect.Value) F {
	code := stub.Enter(reflect.MakeFunc(reflect.TypeFor[F](), body), "main.T.Method")
	function := &code
	return *(*F)(unsafe.Pointer(&function))
}

type (
	large struct{ A, B, C, D, E, F, G, H, I, J int }
	mixed struct {
		F float32
		S string
		B bool
		C complex128
	}
)

func one(v any) []reflect.Value { return []reflect.Value{reflect.ValueOf(v)} }

func TestEverySignatureArrivesAndReturnsWhole(t *testing.T) {
	many := entered[func(*int, int8, string, float32, []byte, any, float64, func() int, map[string]int, uint16, string) (string, float32, error, int8)](func(a []reflect.Value) []reflect.Value {
		text := fmt.Sprint(a[0].Elem(), a[1], a[2], a[3], string(a[4].Bytes()), a[5].Interface(), a[6], a[7].Call(nil)[0], a[8], a[9], a[10])
		return []reflect.Value{reflect.ValueOf(text), reflect.ValueOf(float32(1.5)), reflect.ValueOf(errors.New("e")), reflect.ValueOf(int8(-3))}
	})
	receiver := 7
	s, f, err, i := many(&receiver, -1, "b", 2.5, []byte("d"), 'e', math.Pi, func() int { return 6 }, map[string]int{"h": 8}, 9, "j")
	if want := "7 -1 b 2.5d101 3.141592653589793 6 map[h:8] 9 j"; s != want || f != 1.5 || err.Error() != "e" || i != -3 {
		t.Errorf("got %q %v %v %v, want %q 1.5 e -3", s, f, err, i, want)
	}

	onStack := entered[func(large, mixed, [3]int16) (large, mixed)](func(a []reflect.Value) []reflect.Value {
		l, m := a[0].Interface().(large), a[1].Interface().(mixed)
		l.J += int(a[2].Index(2).Int())
		m.S += "!"
		return []reflect.Value{reflect.ValueOf(l), reflect.ValueOf(m)}
	})
	l, m := onStack(large{A: 1, J: 10}, mixed{2, "s", true, 3i}, [3]int16{4, 5, 6})
	if (l != large{A: 1, J: 16}) || (m != mixed{2, "s!", true, 3i}) {
		t.Errorf("got %v %v", l, m)
	}

	variadic := entered[func(string, ...float64) string](func(a []reflect.Value) []reflect.Value { return one(fmt.Sprint(a[0], a[1].Interface())) })
	if got := variadic("x", 1, 2); got != "x [1 2]" {
		t.Errorf("got %q", got)
	}

	floats := entered[func(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q float64) float64](func(a []reflect.Value) []reflect.Value {
		sum := 0.0
		for i, v := range a {
			sum += float64(i) * v.Float()
		}
		return one(sum)
	})
	if got := floats(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2); got != 152 {
		t.Errorf("got %v, want 152", got)
	}
}

func TestAPanicPassesThroughAnEntry(t *testing.T) {
	fails := entered[func(*int) string](func([]reflect.Value) []reflect.Value { panic("from below") })
	defer func() {
		if got := recover(); got != "from below" {
			t.Errorf("recovered %v", got)
		}
	}()
	_ = fails(nil)
}

func TestEveryEntryIsItsOwnAndThoseBeyondTheLastSaySo(t *testing.T) {
	if os.Getenv("STUB_TEST") == "" { // in a process of its own, which has no entries left afterwards
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), "STUB_TEST=1")
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	var codes []unsafe.Pointer
	for i := 0; stub.Available() > 0; i++ {
		codes = append(codes, stub.Enter(reflect.ValueOf(func(receiver *int) int { return i + *receiver }), "main.T.Add"))
	}
	if len(codes) != stub.Capacity-1 {
		t.Errorf("%d entries, want %d", len(codes), stub.Capacity-1)
	}
	receiver := 1000
	for i, code := range codes {
		function := &code
		if got := (*(*func(*int) int)(unsafe.Pointer(&function)))(&receiver); got != i+receiver {
			t.Fatalf("entry %d gave %d", i, got)
		}
	}
	late := entered[func(*int) int](nil)
	defer func() {
		if got := recover(); got != (stub.Exhausted{Method: "main.T.Method"}) {
			t.Errorf("recovered %v", got)
		}
	}()
	late(&receiver)
}
