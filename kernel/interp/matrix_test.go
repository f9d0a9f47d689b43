package interp_test

import "testing"

// TestNotebooks runs small notebooks: cells, each with what it should print and show.
func TestNotebooks(t *testing.T) {
	for _, row := range notebooks {
		t.Run(row.name, func(t *testing.T) {
			n := newNotebook(t)
			for i := 0; i < len(row.cells); i += 2 {
				if got := n.run(row.cells[i]); got != row.cells[i+1] {
					t.Fatalf("cell %d:\n%s\ngives\n%s\ninstead of\n%s", i/2+1, row.cells[i], got, row.cells[i+1])
				}
			}
		})
	}
}

// notebooks: each has cells, and behind each what it gives.
var notebooks = []struct {
	name  string
	cells []string
}{
	{"the last expression is shown", []string{
		`1 + 1`, "2",
		"x := 3\nx * 2", "6",
		`"a" + "b"`, "ab",
		`1 == 1.0`, "true",
		`x > 2`, "true",
		`1 << x`, "8",
	}},
	{"all results of a call are shown", []string{
		"import \"strconv\"\nstrconv.Atoi(\"12\")", "12\n<nil>",
	}},
	{"the results of printing are not shown", []string{
		"import \"fmt\"\nfmt.Println(\"hello\")", "hello",
		`fmt.Printf("%d", 5)`, "5",
		"import . \"fmt\"\nPrint(6)", "6",
		`fmt.Sprint(7)`, "7",
	}},
	{"a call without results is a statement", []string{
		"func f() {}\nf()", "",
	}},
	{"a semicolon at the end hides the value", []string{
		"x := 1\nx;", "",
		"x + 1; // done", "",
	}},
	{"a cell that ends in a declaration shows nothing", []string{
		"x := 1\nfunc f() int { return x }", "",
	}},
	{"blank cells and comments do nothing", []string{
		``, "",
		"\n\n", "",
		"// nothing\n/* at all */", "",
	}},
	{"variables live on in later cells", []string{
		`x := 1`, "",
		`x++`, "",
		`x`, "2",
		`var a, b = x, "b"`, "",
		"var c int\na, b, c", "error: In[5]:2:1: expected 1 expression",
		`b`, "b",
	}},
	{"a variable of the same type is the same variable", []string{
		"x := 1\nfunc get() int { return x }\np := &x", "",
		`x := 2`, "",
		`get()`, "2",
		`*p`, "2",
		`var x int`, "",
		`get()`, "0",
	}},
	{"a variable of another type is a new one", []string{
		"x := 1\nfunc get() int { return x }", "",
		`x := "new"`, "",
		`get()`, "1",
		`x`, "new",
	}},
	{"a new variable can be made from the old one of its name", []string{
		`import "strings"`, "",
		`s := "a b"`, "",
		"before := len(s)\ns := strings.Fields(s)\nafter := len(s)", "",
		`before*10 + after`, "32",
		"n := 1", "",
		"n := n + 1\nn", "2",
	}},
	{"names that are not new are assigned by :=", []string{
		"import \"strconv\"\na, err := strconv.Atoi(\"1\")\nb, err := strconv.Atoi(\"x\")", "",
		`a + b`, "1",
		`err`, `strconv.Atoi: parsing "x": invalid syntax`,
		"a, c := 5, 6\na, c := 5, 6", "error: In[4]:2:6: no new variables on left side of :=",
		"d, a := a+1, \"x\"", "",
		"d", "2",
	}},
	{"what a := assigns to an older name of its cell must fit", []string{
		"a, b := 1, 2\nc, b := 3, \"x\"", "error: In[1]:2:12: cannot use \"x\" (untyped string constant) as int value in assignment",
		"func f() (int, string) { return 1, \"\" }\na, b := 1, 2\nc, b := f()", "error: In[2]:3:9: cannot use f() (variable of type string) as int value in assignment",
	}},
	{"a redefined function is seen by earlier callers", []string{
		"func f() int { return 1 }\nfunc g() int { return f() }", "",
		`g()`, "1",
		`func f() int { return 2 }`, "",
		`g()`, "2",
	}},
	{"a function of another type leaves earlier callers the old one", []string{
		"func f() int { return 1 }\nfunc g() int { return f() }", "",
		`func f(x int) string { return "new" }`, "",
		`g()`, "1",
		`f(1)`, "new",
	}},
	{"functions may call each other in any order", []string{
		"even(10)\nfunc even(n int) bool { return n == 0 || odd(n-1) }\nfunc odd(n int) bool { return n != 0 && even(n-1) }", "",
		`even(10)`, "true",
	}},
	{"a function value keeps what it was", []string{
		"func f() int { return 1 }\ng := f", "",
		`func f() int { return 2 }`, "",
		`g()`, "1",
	}},
	{"closures share their variables across cells", []string{
		"n := 0\ncount := func() int { n++; return n }", "",
		"count()\ncount()", "2",
		`n`, "2",
		`n = 10`, "",
		`count()`, "11",
	}},
	{"declarations may stand in any order within a cell", []string{
		"var a = b + 1\nvar b = f()\nfunc f() int { return c * 2 }\nvar c = 7\na", "15",
		"var p Point\ntype Point struct{ x, y int }\np", "{0 0}",
	}},
	{"a row of declarations is initialised as a Go package is", []string{
		"import \"fmt\"\nvar a = show(\"a\", c)\nvar b = show(\"b\", 0)\nvar c = show(\"c\", 0)\nfunc show(s string, i int) int { fmt.Print(s); return i }", "bca",
	}},
	{"statements run in the order of the source", []string{
		"import \"fmt\"\nx := 1\nfmt.Print(x)\nx = 5\nvar y = x\nfmt.Print(y)\nx++\nvar z = x\nfmt.Print(z)", "156",
	}},
	{"a declaration that another needs runs before it", []string{
		"x := 1\nvar a = b\nx = 9\nvar b = 4\nvar c = x\na*10 + c", "49",
	}},
	{"an initialisation cycle is an error", []string{
		"var a = b\nvar b = a", "error: In[1]:1:5: initialization cycle for a\n\tIn[1]:1:5: a refers to b\n\tIn[1]:2:5: b refers to a",
	}},
	{"types and methods live on in later cells", []string{
		"type Point struct{ x, y int }\nfunc (p Point) Sum() int { return p.x + p.y }", "",
		"p := Point{1, 2}\np.Sum()", "3",
		"ps := []*Point{{3, 4}, {x: 5}}\nps[0].Sum() + ps[1].x", "12",
	}},
	{"types can be made of types of other cells", []string{
		"type Base struct{ id int }\nfunc (b *Base) Set(i int) { b.id = i }\nfunc (b Base) ID() int { return b.id }", "",
		"type Derived struct {\n\tBase\n\tname string\n}\nd := Derived{Base{1}, \"n\"}\nd.Set(5)\nd.ID()", "5",
		"type Alias = Derived\nAlias{}.ID()", "0",
		"type Defined Derived\nDefined(d).name", "n",
		"type Pair[T any] struct{ a, b T }", "",
		"type Ints = Pair[int]\ntype Strings Pair[string]\nInts{1, 2}.b", "2",
		"get := Base.ID\nget(d.Base)", "5",
		"p := struct{ a int }{1}", "",
		"p = struct{ a int }{2}\np.a", "2",
	}},
	{"methods can be added under an alias of the type", []string{
		"type Counter struct{ n int }\ntype Alias = Counter", "",
		"func (a *Alias) Add(k int) { a.n += k }", "",
		"type Here = Alias\nfunc (h Here) Get() int { return h.n }", "",
		"c := Counter{}\nc.Add(3)\nAlias(c).Get()", "3",
	}},
	{"methods can be added in a later cell", []string{
		"type Counter struct{ n int }\nfunc (c Counter) Get() int { return c.n }", "",
		"func (c *Counter) Add(k int) { c.n += k }", "",
		"var c Counter\nc.Add(5)\nc.Get()", "5",
		"func (c Counter) Get() int { return -c.n }", "",
		"d := Counter{2}\nd.Add(1)\nd.Get()", "-3",
	}},
	{"what mentions a type follows when it gets a method", []string{
		"import \"fmt\"\ntype Item struct{ n int }\nfunc NewItem(n int) *Item { return &Item{n} }\nfunc text() string { return fmt.Sprint(NewItem(1)) }", "",
		"type List struct{ items []*Item }\nfunc (l *List) Add(i *Item) { l.items = append(l.items, i) }", "",
		"func (i *Item) String() string { return fmt.Sprintf(\"item %d\", i.n) }", "",
		"NewItem(2).String()", "item 2",
		"text()", "item 1",
		"var l List\nl.Add(NewItem(3))\nl.items", "[item 3]",
	}},
	{"a value of a type from before it got a method says so", []string{
		"type T struct{ n int }\nt := T{1}", "",
		"func (t T) Get() int { return t.n }", "",
		"t.Get()", "error: In[3]:1:3: t.Get undefined (type T has no field or method Get)\n" +
			"\tT has been declared again: make the value anew, or run the cells that use the old T again",
		"t.Other()", "error: In[4]:1:3: t.Other undefined (type T has no field or method Other)",
		"t := T(t)\nt.Get()", "1",
	}},
	{"what means something else now does not follow a type", []string{
		"type T struct{ n int }\nfunc make1() T { return T{by} }\nvar by = 1", "",
		"var by = \"text\"", "",
		"func (t T) Get() int { return t.n }", "",
		"make1().n", "1",
		"T{5}.Get()", "5",
	}},
	{"a redefined type is a new type", []string{
		"type T struct{ a int }\nt := T{1}\nfunc use(t T) int { return t.a }", "",
		`type T struct{ a, b string }`, "",
		`use(t)`, "1",
		`T{"x", "y"}`, "{x y}",
		`use(T{})`, "error: In[5]:1:5: cannot use T{} (value of struct type T) as T value in argument to use\n" +
			"\tT has been declared again: make the value anew, or run the cells that use the old T again",
	}},
	{"a type declared again as it is stays the same type", []string{
		"type T struct{ a int }\nfunc (t T) Get() int { return t.a + offset }\nvar offset = 1", "",
		"t := T{1}\nfunc use(t T) int { return t.Get() }", "",
		"func (t T) Twice() int { return 2 * t.a }", "",
		"func use(t T) int { return t.Get() }\nu := T{5}\nvar old any = u", "",
		"type T struct{ a int }\nfunc (t T) Get() int { return t.a + offset }\nvar offset = 2", "",
		"use(u)", "7",
		"u.Twice()", "10",
		"func (t T) Twice() int { return 2 * t.a }", "",
		"_, same := old.(T)\nsame", "true",
	}},
	{"a type whose source means something else now is a new type", []string{
		"type T struct{}\nfunc (T) Get() string { return name }\nvar name = \"old\"\nvar t any = T{}", "",
		"type T struct{}\nfunc (T) Get() string { return name }\nvar name = \"new\"\n_, same := t.(T)\nsame", "true",
		"var t any = T{}", "",
		"type T struct{}\nfunc (T) Get() int { return name }\nvar name = 1\n_, same := t.(T)\nsame", "false",
		"type Size int\ntype Box struct{ s Size }\nvar b any = Box{}", "",
		"type Size string\ntype Box struct{ s Size }\n_, same := b.(Box)\nsame", "false",
	}},
	{"a type that lost a method in its cell is a new type", []string{
		"type T struct{}\nfunc (T) Get() int { return 1 }\nvar t any = T{}", "",
		"type T struct{}\n_, same := t.(T)\nsame", "false",
	}},
	{"generics can be declared in one cell and used in another", []string{
		"func Map[T, U any](xs []T, f func(T) U) []U {\n\tvar out []U\n\tfor _, x := range xs {\n\t\tout = append(out, f(x))\n\t}\n\treturn out\n}", "",
		"import \"strconv\"\nMap([]int{1, 2}, strconv.Itoa)", "[1 2]",
		"type Stack[T any] struct{ items []T }\nfunc (s *Stack[T]) Push(x T) { s.items = append(s.items, x) }", "",
		"var s Stack[string]\ns.Push(\"a\")\ns", "{[a]}",
		"func (s *Stack[T]) Len() int { return len(s.items) }", "",
		"var u Stack[int]\nu.Push(1)\nu.Push(2)\nu.Len()", "2",
	}},
	{"fmt sees methods", []string{
		"type Celsius float64\nfunc (c Celsius) String() string { return \"warm\" }", "",
		"import \"fmt\"\nfmt.Println(Celsius(20))", "warm",
		"fmt.Sprintf(\"%T\", Celsius(1))", "main.Celsius",
	}},
	{"encoding/json sees fields, tags and methods", []string{
		"import \"encoding/json\"\ntype Level int\nfunc (l Level) MarshalText() ([]byte, error) { return []byte(\"high\"), nil }\ntype Event struct {\n\tName string `json:\"name\"`\n\tLevel Level\n\thidden int\n}", "",
		"data, err := json.Marshal(Event{Name: \"x\"})\nstring(data)", `{"name":"x","Level":"high"}`,
	}},
	{"sort sees methods", []string{
		"import \"sort\"\ntype byLen []string\nfunc (b byLen) Len() int { return len(b) }\nfunc (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }\nfunc (b byLen) Swap(i, j int) { b[i], b[j] = b[j], b[i] }", "",
		"words := []string{\"ccc\", \"a\", \"bb\"}\nsort.Sort(byLen(words))\nwords", "[a bb ccc]",
	}},
	{"errors.As sees methods", []string{
		"type missing struct{ name string }\nfunc (m *missing) Error() string { return m.name + \" is missing\" }", "",
		"import (\n\t\"errors\"\n\t\"fmt\"\n)\nerr := fmt.Errorf(\"loading: %w\", &missing{\"data\"})\nvar m *missing\nerrors.As(err, &m)", "true",
		`m.name`, "data",
	}},
	{"interfaces hold values of types of other cells", []string{
		"type Shape interface{ Area() float64 }\ntype Square struct{ a float64 }\nfunc (s Square) Area() float64 { return s.a * s.a }", "",
		"var s Shape = Square{3}\ns.Area()", "9",
		"sq, ok := s.(Square)\nok", "true",
		"type Circle struct{ r float64 }\nfunc (c Circle) Area() float64 { return 3 * c.r * c.r }\nshapes := []Shape{s, Circle{1}}", "",
		"total := 0.0\nfor _, s := range shapes { total += s.Area() }\ntotal", "12",
	}},
	{"imports in any cell hold for later ones and need not be used", []string{
		"import \"fmt\"", "",
		"import (\n\t\"os\"\n\tstr \"strings\"\n)\nx := 1", "",
		`fmt.Println(str.Repeat("a", 3))`, "aaa",
		"y := 2\nimport \"math\"\nmath.Sqrt(4)", "2",
	}},
	{"dot imports bring names into later cells", []string{
		"import . \"math\"\nSqrt(9)", "3",
		`Floor(Pi)`, "3",
		"Pi := 4\nPi", "4",
	}},
	{"a variable shadows an import, and an import a variable", []string{
		`import "strings"`, "",
		`strings := 5`, "",
		`strings + 1`, "6",
		"import \"strings\"\nstrings.ToUpper(\"a\")", "A",
		"func f() int { strings := 3; return strings }\nf()", "3",
		`strings.ToUpper("b")`, "B",
	}},
	{"predeclared names can be redefined", []string{
		"len := 3\nlen", "3",
		`len + 1`, "4",
	}},
	{"unused variables and imports are allowed at the top level only", []string{
		"import \"os\"\nx := 1\nvar y int", "",
		"func f() { z := 1 }", "error: In[2]:1:12: declared and not used: z",
		"if true { z := 1 }", "error: In[3]:1:11: declared and not used: z",
	}},
	{"an expression that is not the last must be used", []string{
		"x := 1\nx\nx", "error: In[1]:2:1: x (variable of type int) is not used",
	}},
	{"main never runs by itself", []string{
		"package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"main\") }", "",
		`main()`, "main",
		"func main() { fmt.Println(\"again\") }\nmain()", "again",
	}},
	{"every init runs once, when its cell has initialised its variables", []string{
		"import \"fmt\"\nfunc init() { fmt.Println(\"first\", x) }\nvar x = 5\nfunc init() { fmt.Println(\"second\") }\nfmt.Println(\"rest\")", "first 5\nsecond\nrest",
		`x`, "5",
		`init()`, "error: In[3]:1:1: undefined: init",
	}},
	{"labels, goto and defer work at the top level", []string{
		"import \"fmt\"\ni := 0\nagain:\ni++\nif i < 3 { goto again }\ni", "3",
		"for i := range 3 { defer fmt.Print(i) }\nfmt.Print(\"x\")", "x210",
		"outer:\nfor a := range 3 {\n\tfor b := range 3 {\n\t\tif a*b == 2 { break outer }\n\t\tfmt.Print(a*b)\n\t}\n}", "00001",
		"loop:\nvar k int\nk++\nif i++; i < 6 { goto loop }\nk", "1",
	}},
	{"return ends the cell", []string{
		"import \"fmt\"\nfmt.Print(1)\nif true { return }\nfmt.Print(2)", "1",
	}},
	{"constants count with iota", []string{
		"const (\n\tA = iota * 10\n\tB\n\tC\n)\nconst name = \"n\"", "",
		"var m [B]int\nlen(m) + C", "30",
		`const A = "now a string"`, "",
		`A`, "now a string",
	}},
	{"comma-ok forms assign as they do in Go", []string{
		"m := map[string]int{\"a\": 1}\nvar e any = 5\nch := make(chan int, 1)\nch <- 7", "",
		"v, ok := m[\"a\"]\nn, ok := e.(int)\nr, ok := <-ch\nv + n + r", "13",
		"w, ok := m[\"b\"]\nok", "false",
	}},
	{"iterators, min and clear are there", []string{
		"import \"fmt\"\nfunc seq(yield func(int) bool) {\n\tfor i := 0; i < 3 && yield(i); i++ {\n\t}\n}\nfor i := range seq { fmt.Print(i) }", "012",
		"m := map[int]int{1: 1}\nclear(m)\nmin(3, 1, 2) + len(m)", "1",
	}},
	{"blank names are evaluated and dropped", []string{
		"import \"fmt\"\nfunc f() int { fmt.Println(\"f\"); return 1 }\nvar _ = f()\n_, x := f(), 2\nx", "f\nf\n2",
		"var _ fmt.Stringer = (*T)(nil)\ntype T struct{}\nfunc (*T) String() string { return \"\" }", "",
	}},
	{"names beyond ASCII work", []string{
		"größe := 3\n日本 := größe * 2\n日本", "6",
	}},
	{"statements of one line are told apart", []string{
		"x := 1; func f() int { return x }; y := f() + 1; y", "2",
		"for i := []int{1, 2}; len(i) > 0; i = i[1:] { x += i[0] }; x", "4",
	}},
	{"function literals are no declarations", []string{
		"func() int { return 5 }()", "5",
		"func(a int) string { return \"lit\" }(1)", "lit",
		"func (a int) (int, error) { return a, nil }(7)", "7\n<nil>",
	}},
	{"channels, select and goroutines work", []string{
		"ch := make(chan int)\ngo func() { for i := range 3 { ch <- i }; close(ch) }()", "",
		"sum := 0\nfor v := range ch { sum += v }\nsum", "3",
	}},
	{"goroutines outlive their cell", []string{
		"requests, answers := make(chan int), make(chan int)\ngo func() { for r := range requests { answers <- r * r } }()", "",
		"requests <- 4\n<-answers", "16",
		"requests <- 5\n<-answers", "25",
		"type Later struct{}\nfunc (Later) M() {}", "",
		"requests <- 6\n<-answers", "36",
	}},
	{"a cell that does not compile leaves no trace", []string{
		"import \"fmt\"\nx := 1", "",
		"import \"strings\"\ntype T int\ny := 2\nx := undefined", "error: In[2]:4:6: undefined: undefined",
		`y`, "error: In[3]:1:1: undefined: y",
		`strings.ToUpper("")`, "error: In[4]:1:1: undefined: strings",
		`T(1)`, "error: In[5]:1:1: undefined: T",
		`x`, "1",
	}},
	{"a cell that panics keeps what it did", []string{
		"x := 1\ny := 2\nvar s []int\nx = 10\ns[3] = 1\ny = 20", "error: panic: runtime error: index out of range [3] with length 0\n\tIn[1]:5",
		`x + y`, "12",
	}},
	{"a panic names the line of the cell where it arose", []string{
		"func risky(m map[string]int) {\n\n\tm[\"a\"] = 1\n}", "",
		"\nrisky(nil)", "error: panic: assignment to entry in nil map\n\tIn[1]:3",
		"import \"errors\"\npanic(errors.New(\"mine\"))", "error: panic: mine\n\tIn[3]:2",
	}},
	{"must and check end the cell with the error's own text", []string{
		"import \"strconv\"\nmust(strconv.Atoi(\"5\"))", "5",
		"x := 1\nx = must(strconv.Atoi(\"five\"))\nx = 2", "error: strconv.Atoi: parsing \"five\": invalid syntax\n\tIn[2]:2",
		"import \"errors\"\nx", "1",
		"check(nil)\n\ncheck(errors.New(\"no data\"))", "error: no data\n\tIn[4]:3",
		"func check(err error) { panic(\"mine\") }\ncheck(nil)", "error: panic: mine\n\tIn[5]:1",
	}},
	{"panics can be recovered", []string{
		"import \"fmt\"\nfunc safe(f func()) (err error) {\n\tdefer func() {\n\t\tif r := recover(); r != nil { err = fmt.Errorf(\"caught: %v\", r) }\n\t}()\n\tf()\n\treturn nil\n}", "",
		"safe(func() { panic(\"x\") })", "caught: x",
	}},
	{"every error of a cell is told, with its place", []string{
		"x := nope\nvar y int = \"s\"\n\nfunc f() int { }", "error: In[1]:1:6: undefined: nope\nIn[1]:2:13: cannot use \"s\" (untyped string constant) as int value in variable declaration\nIn[1]:4:16: missing return",
	}},
	{"syntax errors have their place", []string{
		"x := 1\nif x {", "error: In[1]:2:7: expected '}', found 'EOF'",
		"f(1,\n  2\n)", "error: In[2]:2:4: missing ',' before newline in argument list",
		"x := 1\n}", "error: In[3]:2:1: expected statement, found '}'",
		"a := `x", "error: In[4]:1:6: raw string literal not terminated",
		"} func f() {", "error: In[5]:1:1: expected statement, found '}'",
	}},
	{"a name that is declared twice in a cell is an error", []string{
		"func f() {}\nfunc f() {}", "error: In[1]:2:6: f redeclared in this block\n\tIn[1]:1:6: other declaration of f",
		"x := 1\nvar x = 2", "error: In[2]:2:5: x redeclared in this block\n\tIn[2]:1:1: other declaration of x",
		"a, a := 1, 2", "error: In[3]:1:4: a repeated on left side of :=",
		"a.b := 1", "error: In[4]:1:1: non-name a.b on left side of :=",
	}},
	{"what no cell can show is an error", []string{
		"nil", "error: In[1]:1:1: nil is not used",
		"int", "error: In[2]:1:1: int (type) is not an expression",
		"1 << 70", "error: In[3]:1:1: cannot use 1 << 70 (untyped int constant 1180591620717411303424) as int value (overflows)",
		"1e400", "error: In[4]:1:1: cannot use 1e400 (untyped float constant 1e+400) as float64 value (overflows)",
		"1e400 / 1e399", "10",
		"func Id[T any](x T) T { return x }\nId", "error: In[6]:2:1: cannot use generic function Id without instantiation",
	}},
	{"line directives move the lines of stacks, not those of errors in the source", []string{
		"//line other.go:100\nx := nope", "error: In[1]:2:6: undefined: nope",
		"//line other.go:100\nx := := 1", "error: In[2]:2:6: expected operand, found ':='",
		"import \"runtime\"\n//line other.go:100\n_, file, line, _ := runtime.Caller(0)\nfile", "other.go",
		"line", "100",
	}},
	{"ctx is the context of the run", []string{
		"ctx.Err() == nil", "true",
		"func live() bool { return ctx.Err() == nil }", "",
		"live()", "true",
	}},
}
