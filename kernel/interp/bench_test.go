package interp_test

import (
	"fmt"
	"runtime"
	"testing"
)

// BenchmarkCells tells what a cell costs in time and in memory that stays, in a notebook of b.N cells: go test -run - -bench
// Cells -benchtime 10000x.
func BenchmarkCells(b *testing.B) {
	for _, row := range []struct {
		name string
		cell func(i int) string
	}{
		{"1+1", func(int) string { return "1+1" }},
		{"a variable with a new value", func(i int) string { return fmt.Sprintf("x := %d", i) }},
		{"a variable of a new name", func(i int) string { return fmt.Sprintf("x%d := %d", i, i) }},
		{"a function with a new body", func(i int) string { return fmt.Sprintf("func f(n int) int { return n + %d }\nf(1)", i) }},
		{"a loop that prints", func(int) string { return "for i := range 10 { fmt.Sprint(i) }" }},
		{"a generic call", func(int) string { return "apply(1, func(x int) int { return x })" }},
		{"a type as it is", func(int) string {
			return "type T struct{ a int }\nfunc (t T) Get() int { return t.a }\nfunc (t *T) Set(a int) { t.a = a }"
		}},
		{"a type with a new field and three methods", func(i int) string {
			return fmt.Sprintf("type T struct{ f%d int }\nfunc (t T) A() int { return 1 }\nfunc (t T) B() int { return 2 }\nfunc (t *T) C() {}\nT{}.A()", i)
		}},
	} {
		b.Run(row.name, func(b *testing.B) {
			n := newNotebook(b)
			n.run("import \"fmt\"\nfunc apply[T any](x T, f func(T) T) T { return f(x) }")
			before := liveHeap()
			for i := 0; b.Loop(); i++ {
				if got := n.run(row.cell(i)); len(got) > 10 {
					b.Fatal(got)
				}
			}
			b.ReportMetric(float64(int64(liveHeap())-int64(before))/float64(b.N), "held-B/cell")
			runtime.KeepAlive(n)
		})
	}
}

// liveHeap is how many bytes are in use after a collection.
func liveHeap() uint64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
