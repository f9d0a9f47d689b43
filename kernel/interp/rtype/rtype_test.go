package rtype_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"paperlab/kernel/interp/rtype"
)

// notebook declares types from source. Methods do what the test says by name.
type notebook struct {
	t      testing.TB
	table  *rtype.Table
	bodies map[string]func(receiver reflect.Value, args []reflect.Value) []any
}

func newNotebook(t testing.TB, bodies map[string]func(reflect.Value, []reflect.Value) []any) *notebook {
	n := &notebook{t: t, bodies: bodies}
	n.table = rtype.New(compiled, n.body)
	return n
}

func compiled(named *types.Named) (reflect.Type, bool) {
	known := map[string]reflect.Type{"time.Time": reflect.TypeFor[time.Time](), "time.Duration": reflect.TypeFor[time.Duration](), "io.Writer": reflect.TypeFor[io.Writer]()}
	rt, ok := known[named.String()]
	return rt, ok
}

// body finds a method's receiver among the embedded fields, as the selection leads there.
func (n *notebook) body(selection *types.Selection) func([]reflect.Value) []reflect.Value {
	method := selection.Obj().(*types.Func)
	_, name, _ := strings.Cut(method.FullName(), ").")
	owner := strings.Trim(types.TypeString(method.Signature().Recv().Type(), func(*types.Package) string { return "" }), "*")
	return func(args []reflect.Value) []reflect.Value {
		at := reflect.New(args[0].Type()).Elem()
		at.Set(args[0])
		for _, i := range selection.Index()[:len(selection.Index())-1] {
			if at.Kind() == reflect.Pointer {
				at = at.Elem()
			}
			at = at.Field(i)
			at = reflect.NewAt(at.Type(), unsafe.Pointer(at.UnsafeAddr())).Elem()
		}
		if at.Kind() == reflect.Pointer {
			at = at.Elem()
		}
		body := n.bodies[owner+"."+name]
		if body == nil {
			panic("no body for " + owner + "." + name)
		}
		var results []reflect.Value
		for i, result := range body(at, args[1:]) {
			value := reflect.New(n.table.Type(method.Signature().Results().At(i).Type())).Elem()
			if result != nil {
				value.Set(reflect.ValueOf(result).Convert(value.Type()))
			}
			results = append(results, value)
		}
		return results
	}
}

// declare checks a cell and gives the types that it declares, and those of its variables.
func (n *notebook) declare(source string) map[string]reflect.Type {
	n.t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "cell.go", "package main\n"+source, 0)
	if err != nil {
		n.t.Fatal(err)
	}
	config := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := config.Check("cell", fset, []*ast.File{file}, nil)
	if err != nil {
		n.t.Fatal(err)
	}
	made := map[string]reflect.Type{}
	for _, name := range pkg.Scope().Names() {
		switch object := pkg.Scope().Lookup(name).(type) {
		case *types.Var:
			made[name] = n.table.Type(object.Type())
		case *types.TypeName:
			if named, ok := object.Type().(*types.Named); !ok || named.TypeParams().Len() == 0 {
				made[name] = n.table.Type(object.Type())
			}
		}
	}
	return made
}

// pointerTo makes a variable of a type from JSON.
func pointerTo(t *testing.T, typ reflect.Type, value string) reflect.Value {
	t.Helper()
	v := reflect.New(typ)
	if err := json.Unmarshal([]byte(value), v.Interface()); err != nil {
		t.Fatal(err)
	}
	return v
}

func say(format string, fields ...int) func(reflect.Value, []reflect.Value) []any {
	return func(receiver reflect.Value, _ []reflect.Value) []any {
		var values []any
		for _, i := range fields {
			field := receiver.Field(i)
			values = append(values, reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().Interface())
		}
		return []any{fmt.Sprintf(format, values...)}
	}
}

func TestCompiledCodeSeesMethodsOfEveryKindOfType(t *testing.T) {
	all := map[string]func(reflect.Value, []reflect.Value) []any{}
	for kind, format := range map[string]string{"Struct": "struct", "OneMap": "map in a struct", "OnePointer": "pointer in a struct", "Array": "array", "Map": "map", "Slice": "slice", "Func": "func", "Chan": "chan", "Int": "int", "Float": "float", "Text": "string", "Nested": "nested"} {
		all[kind+".String"] = func(receiver reflect.Value, _ []reflect.Value) []any {
			return []any{fmt.Sprint(format, " of kind ", receiver.Kind(), " ", receiver.IsZero())}
		}
	}
	declared := newNotebook(t, all).declare(`
type Struct struct { A, B int }
type OneMap struct { M map[string]int }
type OnePointer struct { P *int }
type Array [1]*int
type Map map[string]int
type Slice []int
type Func func()
type Chan chan int
type Int int8
type Float float32
type Text string
type Nested struct { In struct { M map[string]bool } }
func (Struct) String() string { return "" }
func (OneMap) String() string { return "" }
func (OnePointer) String() string { return "" }
func (Array) String() string { return "" }
func (Map) String() string { return "" }
func (Slice) String() string { return "" }
func (Func) String() string { return "" }
func (Chan) String() string { return "" }
func (Int) String() string { return "" }
func (Float) String() string { return "" }
func (Text) String() string { return "" }
func (Nested) String() string { return "" }
`)
	for name, typ := range declared {
		pointer := reflect.New(typ)
		want := "of kind " + typ.Kind().String() + " true"
		for _, got := range []string{fmt.Sprint(pointer.Elem().Interface()), fmt.Sprint(pointer.Interface()), pointer.Interface().(fmt.Stringer).String()} {
			if !strings.HasSuffix(got, want) {
				t.Errorf("%s: got %q, want ... %q", name, got, want)
			}
		}
		method, _ := typ.MethodByName("String")
		if got := method.Func.Call([]reflect.Value{pointer.Elem()})[0].String(); !strings.HasSuffix(got, want) {
			t.Errorf("%s: the method's function gave %q", name, got)
		}
	}
}

func TestPromotedMethodsFindTheirReceiver(t *testing.T) {
	declared := newNotebook(t, map[string]func(reflect.Value, []reflect.Value) []any{"B.String": say("B%d", 0), "P.Error": say("P%d", 0)}).declare(`
type B struct { N int }
func (b B) String() string { return "" }
type P struct { N int }
func (p *P) Error() string { return "" }
type Short struct { X int8; B }
type Long struct { Y [10]int; B }
type Pointing struct { *B }
type PointingMore struct { *B; Z int }
type Failing struct { X int8; P }
var unnamed struct { X int16; B }
`)
	for _, name := range []string{"Short", "Long", "Pointing", "PointingMore", "unnamed"} {
		v := pointerTo(t, declared[name], `{"N": 7}`)
		if got := fmt.Sprint(v.Interface(), " ", v.Elem().Interface()); got != "B7 B7" {
			t.Errorf("%s: got %q", name, got)
		}
	}
	v := pointerTo(t, declared["Failing"], `{"N": 8}`)
	if got := v.Interface().(error).Error(); got != "P8" {
		t.Errorf("got %q", got)
	}
	if _, ok := v.Elem().Interface().(error); ok {
		t.Error("a value has the methods of its address")
	}
}

func TestErrorsAsAndJSONTakeTheTypesForOrdinaryOnes(t *testing.T) {
	declared := newNotebook(t, map[string]func(reflect.Value, []reflect.Value) []any{
		"Missing.Error": say("missing %s", 0),
		"Celsius.MarshalJSON": func(receiver reflect.Value, _ []reflect.Value) []any {
			return []any{[]byte(fmt.Sprintf(`"%v C"`, receiver.Float())), nil}
		},
	}).declare(`
import "time"
type Missing struct { Name string }
func (m *Missing) Error() string { return "" }
type Celsius float64
func (c Celsius) MarshalJSON() ([]byte, error) { return nil, nil }
type Named struct { Named int }
type First struct { Named Named }
type Day struct { At time.Time ` + "`json:\"at\"`" + `; Warm Celsius; Named }
`)
	missing := pointerTo(t, declared["Missing"], `{"Name": "x"}`)
	target := reflect.New(missing.Type())
	if !errors.As(fmt.Errorf("w: %w", missing.Interface().(error)), target.Interface()) || target.Elem().Pointer() != missing.Pointer() {
		t.Error("errors.As did not find the error")
	}
	day := reflect.New(declared["Day"]).Elem()
	day.FieldByName("Warm").SetFloat(21.5)
	out, err := json.Marshal(day.Interface())
	if want := `{"at":"0001-01-01T00:00:00Z","Warm":"21.5 C","Named":0}`; err != nil || string(out) != want {
		t.Errorf("got %s, %v, want %s", out, err, want)
	}
	if field, _ := declared["First"].FieldByName("Named"); field.Anonymous {
		t.Error("a field is embedded since another type embeds it")
	}
	if declared["Day"].Field(0).Type != reflect.TypeFor[time.Time]() {
		t.Error("a compiled type was made again")
	}
	if got := fmt.Sprintf("%T %T", day.Interface(), missing.Interface()); got != "main.Day *main.Missing" {
		t.Errorf("got %s", got)
	}
}

func TestTypesMayReferToThemselvesAndEachOther(t *testing.T) {
	declared := newNotebook(t, nil).declare(`
type List struct { Next *List; All []List; By map[string]List; Visit func(List) *List; In chan List; Arrays []([2]List) }
type Even struct { Odd *Odd }
type Odd struct { Even Even }
type Self interface { Self() Self; With(map[Self][]Self) }
type Deep []Deep
type Stack[T any] struct { items []T; under *Stack[T] }
type Word string
var words Stack[Word]
var numbers Stack[Stack[int]]
`)
	list := declared["List"]
	for i, want := range []reflect.Type{reflect.PointerTo(list), reflect.SliceOf(list), reflect.MapOf(reflect.TypeFor[string](), list), reflect.FuncOf([]reflect.Type{list}, []reflect.Type{reflect.PointerTo(list)}, false), reflect.ChanOf(reflect.BothDir, list), reflect.SliceOf(reflect.ArrayOf(2, list))} {
		if got := list.Field(i).Type; got != want {
			t.Errorf("field %d is a %s, want %s", i, got, want)
		}
	}
	if declared["Odd"].Field(0).Type != declared["Even"] || declared["Deep"].Elem() != declared["Deep"] {
		t.Error("the types do not refer to each other")
	}
	if self := declared["Self"]; self.Method(0).Type.Out(0) != self {
		t.Errorf("Self() gives %s", self.Method(0).Type.Out(0))
	}
	if got := fmt.Sprint(declared["words"], " ", declared["numbers"].Name()); got != "main.Stack[main.Word] Stack[main.Stack[int]]" {
		t.Errorf("got %s", got)
	}
}

func TestRedeclaredTypesAreOthers(t *testing.T) {
	n := newNotebook(t, nil)
	source := `
type T struct { X int }
type Maker interface { Make() T }
var maker interface { Make() T }
var nested struct { T T }
`
	first, second := n.declare(source), n.declare(source)
	for name := range first {
		if first[name] == second[name] {
			t.Errorf("%s is the same type after T was declared again", name)
		}
	}
}

func TestEqualityAndHashesIgnorePaddingAndBlanks(t *testing.T) {
	declared := newNotebook(t, nil).declare(`
type Padded struct { A int8; B int64 }
type Blank struct { A int32; _ int32; B int64; _ string }
`)
	for name, typ := range declared {
		size := int(typ.Size())
		a, b := reflect.New(typ), reflect.New(typ)
		noise := unsafe.Slice((*byte)(b.UnsafePointer()), size)
		for i := 1; i < 8; i++ {
			if name == "Padded" || i >= 4 {
				noise[i] = 0xFF
			}
		}
		counts := reflect.MakeMap(reflect.MapOf(typ, reflect.TypeFor[int]()))
		counts.SetMapIndex(a.Elem(), reflect.ValueOf(1))
		counts.SetMapIndex(b.Elem(), reflect.ValueOf(2))
		if a.Elem().Interface() != b.Elem().Interface() || counts.Len() != 1 {
			t.Errorf("%s: two values differ by what does not count", name)
		}
	}
}

func TestMethodsThatAreNotExportedSatisfyInterfacesOfTheirPackage(t *testing.T) {
	declared := newNotebook(t, nil).declare(`
type sealed interface { seal(); Open() }
type door struct { A, B int }
func (d *door) seal() {}
func (d *door) Open() {}
`)
	if !reflect.PointerTo(declared["door"]).Implements(declared["sealed"]) || declared["door"].Implements(declared["sealed"]) {
		t.Error("the method set is wrong")
	}
	if n := reflect.PointerTo(declared["door"]).NumMethod(); n != 1 {
		t.Errorf("%d exported methods, want 1", n)
	}
}

func TestTypesAreFoundAgain(t *testing.T) {
	n := newNotebook(t, nil)
	declared := n.declare("type T struct { X int }\nvar p *T")
	typ, ok := n.table.Declared(declared["p"].Elem())
	if !ok || typ.String() != "cell.T" {
		t.Errorf("got %v, %v", typ, ok)
	}
}

func TestTypesSurviveTheCollector(t *testing.T) {
	n := newNotebook(t, map[string]func(reflect.Value, []reflect.Value) []any{"T.String": say("%v", 0)})
	var values []any
	for i := range 50 {
		v := reflect.New(n.declare("type T struct { Kids []*int; _ int; Sub struct { In map[string]*T } }\nfunc (t T) String() string { return \"\" }")["T"])
		kids := make([]*int, i)
		for j := range kids {
			kids[j] = new(int)
		}
		v.Elem().Field(0).Set(reflect.ValueOf(kids))
		values = append(values, v.Interface())
		if i%10 == 0 {
			runtime.GC()
		}
	}
	runtime.GC()
	for i, v := range values {
		if got := strings.Count(fmt.Sprint(v), "0x"); got != i {
			t.Fatalf("value %d has %d kids", i, got)
		}
	}
}

// BenchmarkRedeclaration is what a type with three methods costs each time its cell runs again, once an interface has
// held a value of it.
func BenchmarkRedeclaration(b *testing.B) {
	n := newNotebook(b, map[string]func(reflect.Value, []reflect.Value) []any{"T.String": say("%v", 0)})
	const source = "type T struct { X int; Name string; Kids []*T }\nfunc (t T) String() string { return \"\" }\nfunc (t *T) Set(x int) {}\nfunc (t *T) Error() string { return \"\" }"
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		_ = fmt.Sprint(reflect.New(n.declare(source)["T"]).Interface())
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(b.N), "heldB/op")
}
