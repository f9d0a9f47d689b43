package exec_test

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"sync"
	"testing"

	"paperlab/kernel/interp/exec"
	_ "paperlab/kernel/interp/symbols/bindings"
)

func newMachine(t testing.TB) *exec.Machine {
	t.Helper()
	m, err := exec.New()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// check type-checks a file as a package of its own, in whose scope the objects of earlier ones may be seen.
func check(t testing.TB, m *exec.Machine, name, source string, known ...types.Object) exec.Unit {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, "package main\n"+source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{},
		FileVersions: map[*ast.File]string{},
	}
	pkg := types.NewPackage("main", "main")
	for _, object := range known {
		pkg.Scope().Insert(object)
	}
	config := &types.Config{Importer: m.Importer(), Sizes: types.SizesFor("gc", "amd64"), GoVersion: "go1.26"}
	if err := types.NewChecker(config, fset, pkg, info).Files([]*ast.File{file}); err != nil {
		t.Fatal(err)
	}
	return exec.Unit{Fset: fset, Pkg: pkg, Files: []*ast.File{file}, Info: info}
}

// load checks and loads a file.
func load(t testing.TB, m *exec.Machine, name, source string, known ...types.Object) (*exec.Package, *types.Package) {
	t.Helper()
	u := check(t, m, name, source, known...)
	pkg, err := m.Load(u)
	if err != nil {
		t.Fatal(err)
	}
	return pkg, u.Pkg
}

// buffer is a bytes.Buffer that goroutines share.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// run runs a program's initialisers and its main, and returns what it wrote.
func run(t testing.TB, source string) (output string, err error) {
	t.Helper()
	m := newMachine(t)
	pkg, _ := load(t, m, "program.go", source)
	out := &buffer{}
	task := exec.NewTask(context.Background(), out, out)
	if err := pkg.Call(task, "init"); err != nil {
		return out.String(), err
	}
	err = pkg.Call(task, "main")
	task.Flush()
	return out.String(), err
}

func TestPrograms(t *testing.T) {
	for _, test := range []struct{ name, source, want string }{
		{
			"the old values are read before phis are set",
			`func main() { a, b, c := 1, 2, 3; for range 4 { a, b, c = b, c, a }; println(a, b, c) }`,
			"2 3 1\n",
		},
		{
			"a loop's variable is new in each iteration",
			`func main() { var f []func() int; for i := range 3 { f = append(f, func() int { i *= 10; return i }) }; println(f[1](), f[1](), f[2]()) }`,
			"10 100 20\n",
		},
		{
			"methods are seen by fmt and errors.As",
			`import ("errors"; "fmt")
			type T struct{ X int }
			func (t T) String() string { return fmt.Sprint("T", t.X) }
			type E struct{ code int }
			func (e *E) Error() string { return fmt.Sprint("E", e.code) }
			func main() {
				var e *E
				fmt.Println(T{3}, &T{4}, []T{{5}}, errors.As(fmt.Errorf("w: %w", &E{7}), &e), e.code)
			}`,
			"T3 T4 [T5] true 7\n",
		},
		{
			"methods and tags are seen by encoding/json",
			`import ("encoding/json"; "fmt"; "strings")
			type Name string
			func (n Name) MarshalJSON() ([]byte, error) { return json.Marshal(strings.ToUpper(string(n))) }
			type P struct { N Name ` + "`json:\"name\"`" + `; Year int ` + "`json:\",omitempty\"`" + `; Next *P ` + "`json:\"next\"`" + ` }
			func main() {
				b, err := json.Marshal(P{N: "a", Next: &P{N: "b", Year: 7}})
				fmt.Println(string(b), err)
				var p P
				fmt.Println(json.Unmarshal([]byte(` + "`{\"Year\": 3, \"next\": {\"Year\": 4}}`" + `), &p), p.Year, p.Next.Year)
			}`,
			`{"name":"A","next":{"name":"B","Year":7,"next":null}} <nil>` + "\n<nil> 3 4\n",
		},
		{
			"sort and slices call back",
			`import ("fmt"; "slices"; "sort")
			type by []string
			func (b by) Len() int { return len(b) }
			func (b by) Less(i, j int) bool { return b[i] > b[j] }
			func (b by) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
			func main() {
				x := []string{"b", "c", "a"}
				sort.Sort(by(x))
				y := slices.Clone(x)
				slices.Sort(y)
				fmt.Println(x, y, slices.Index(x, "a"))
			}`,
			"[c b a] [a b c] 2\n",
		},
		{
			"generics keep their types apart",
			`import "fmt"
			type Pair[K comparable, V any] struct { Key K; Value V }
			func (p Pair[K, V]) String() string { return fmt.Sprintf("%v=%v", p.Key, p.Value) }
			func Map[T, U any](in []T, f func(T) U) (out []U) { for _, v := range in { out = append(out, f(v)) }; return }
			func Sum[T int | float64](v ...T) (s T) { for _, x := range v { s += x }; return }
			func main() {
				fmt.Println(Map([]int{1, 2}, func(i int) Pair[int, string] { return Pair[int, string]{i, "x"} }), Sum(1.5, 2), Sum(1, 2))
				var a any = Pair[int, int]{}
				_, ok := a.(Pair[int, string])
				fmt.Printf("%T %v\n", a, ok)
			}`,
			"[1=x 2=x] 3.5 3\nmain.Pair[int,int] false\n",
		},
		{
			"ranges go over functions, integers, maps, strings and channels",
			`import ("fmt"; "maps"; "slices")
			func count(n int) func(func(int, string) bool) {
				return func(yield func(int, string) bool) { for i := range n { if !yield(i, fmt.Sprint("v", i)) { return } } }
			}
			func find(n int) (found string) {
				defer func() { found += "!" }()
				for i, v := range count(10) { if i == n { return v } }
				return "none"
			}
			func main() {
				fmt.Println(find(3), find(30), slices.Sorted(maps.Keys(map[string]int{"b": 1, "a": 2})))
				for i, r := range "aé" { fmt.Print(i, string(r), " ") }
				c := make(chan int, 2); c <- 7; close(c)
				for v := range c { fmt.Println(v) }
			}`,
			"v3! none! [a b]\n0a 1é 7\n",
		},
		{
			"a deferred function recovers and sets the results",
			`import "fmt"
			func div(a, b int) (q int, err error) {
				defer func() { if v := recover(); v != nil { err = fmt.Errorf("caught: %v", v) } }()
				return a / b, nil
			}
			func main() { fmt.Println(div(1, 0)); fmt.Println(div(6, 3)) }`,
			"0 caught: runtime error: integer divide by zero\n2 <nil>\n",
		},
		{
			"goroutines, locks, atomics and select work",
			`import ("fmt"; "sync"; "sync/atomic")
			func main() {
				var wg sync.WaitGroup; var mu sync.Mutex; var n atomic.Int64; total := 0
				for i := range 50 { wg.Add(1); go func() { defer wg.Done(); n.Add(int64(i)); mu.Lock(); defer mu.Unlock(); total += i }() }
				wg.Wait()
				a, b, done := make(chan int), make(chan string), make(chan bool)
				go func() { for range 2 { select { case v := <-a: fmt.Println("a", v); case v, ok := <-b: fmt.Println("b", v, ok) } }; close(done) }()
				a <- 1; b <- "x"; <-done
				select { case <-a: default: fmt.Println(total, n.Load()) }
			}`,
			"a 1\nb x true\n1225 1225\n",
		},
		{
			"embedding promotes methods, also from interfaces and compiled types",
			`import ("fmt"; "strings")
			type Namer interface{ Name() string }
			type base struct{ n string }
			func (b *base) Name() string { return b.n }
			type D struct { *base; strings.Builder }
			type I struct { Namer }
			func main() {
				d := D{base: &base{"d"}}
				d.WriteString("built")
				var n Namer = I{&d}
				fmt.Println(n.Name(), d.String(), d.Len())
			}`,
			"d built 5\n",
		},
		{
			"unsafe sees the layout that compiled code has",
			`import ("fmt"; "unsafe")
			type S struct { a int8; b int64; c [3]int16 }
			func main() {
				s := S{1, 2, [3]int16{3, 4, 5}}
				p := unsafe.Pointer(&s)
				fmt.Println(unsafe.Sizeof(s), *(*int64)(unsafe.Add(p, unsafe.Offsetof(s.b))), unsafe.Slice(&s.c[0], 3))
			}`,
			"24 2 [3 4 5]\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := run(t, test.source)
			if err != nil || got != test.want {
				t.Errorf("got %q and the error %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestPanicsTellWhereTheyArose(t *testing.T) {
	_, err := run(t, `import "sort"
func less(i, j int) bool {
	var none []int
	return none[i] < 1
}
type T struct{}
func (*T) Do(x []int) { sort.Slice(x, less) }
func main() {
	defer func() {}()
	func() { (&T{}).Do([]int{2, 1}) }()
}`)
	p, ok := err.(*exec.Panic)
	if !ok {
		t.Fatalf("got %v, want a panic", err)
	}
	var trace []string
	for _, f := range p.Frames {
		trace = append(trace, fmt.Sprintf("%s:%d", f.Function, f.Position.Line))
	}
	if got, want := strings.Join(trace, " "), "less:5 (*T).Do:8 main.func2:11 main:11"; got != want {
		t.Errorf("the trace is %q, want %q", got, want)
	}
	if got, want := p.Error(), "panic: runtime error: index out of range [1] with length 0"; got != want {
		t.Errorf("the panic is %q, want %q", got, want)
	}
}

func TestExitAndFatalEndTheCellOnly(t *testing.T) {
	for name, source := range map[string]string{
		"os.Exit":   `import "os"; func main() { defer func() { recover() }(); os.Exit(3) }`,
		"log.Fatal": `import "log"; func main() { log.SetFlags(0); log.Fatal("bad") }`,
	} {
		out, err := run(t, source)
		exit, ok := err.(*exec.Exit)
		if !ok || exit.Code == 0 {
			t.Errorf("%s: got %v and %q, want an exit", name, err, out)
		}
	}
}

func TestLaterPackagesUseEarlierOnes(t *testing.T) {
	m := newMachine(t)
	_, first := load(t, m, "first", `import "fmt"
		var Count = 1
		type T struct{ X int }
		func (t *T) Bump() *T { t.X++; Count++; return t }
		func (t T) String() string { return fmt.Sprint("T", t.X) }
		type Stack[E any] struct{ items []E }
		func (s *Stack[E]) Push(e E) int { s.items = append(s.items, e); return len(s.items) }
		var Strings Stack[string]
		func Twice[E any](e E) []E { return []E{e, e} }`)
	var known []types.Object
	for _, name := range []string{"Count", "T", "Stack", "Strings", "Twice"} {
		known = append(known, first.Scope().Lookup(name))
	}
	out := &buffer{}
	task := exec.NewTask(context.Background(), out, out)
	for i, source := range []string{
		`import "fmt"; func main() { x := new(T); y := x.Bump().Bump(); fmt.Println(y, Count, Strings.Push("a")) }`,
		`import "fmt"; func main() { var s Stack[T]; s.Push(T{5}); fmt.Println(s, Twice(Count), Twice(T{1})) }`,
		`import "fmt"; type U struct{ T }; func main() { u := &U{}; u.Bump(); fmt.Println(u, Count) }`,
	} {
		pkg, _ := load(t, m, fmt.Sprint("later", i), source, known...)
		if err := pkg.Call(task, "main"); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := out.String(), "T2 2 1\n{[{5}]} [2 2] [T1 T1]\nT1 3\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	count, ok := m.Variable(first.Scope().Lookup("Count").(*types.Var))
	if !ok || count.Int() != 3 {
		t.Errorf("Count is %v, want 3", count)
	}
}
