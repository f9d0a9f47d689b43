package bindings_test

import (
	"bytes"
	"testing"

	"paperlab/kernel/interp"
)

// Each cell prints what compiled Go prints.
var cells = map[string]struct{ source, want string }{
	"iterators between packages": {`
		import ("fmt"; "slices"; "strings"; "maps"; "iter")
		fmt.Println(slices.Collect(strings.SplitSeq("a,b", ",")), slices.Sorted(maps.Keys(map[int]bool{2: true, 1: true})))
		next, stop := iter.Pull(slices.Values([]string{"x", "y"}))
		a, ok := next()
		b, _ := next()
		_, more := next()
		stop()
		fmt.Println(a, b, ok, more)
		next2, stop2 := iter.Pull2(slices.All([]error{nil}))
		i, err, ok2 := next2()
		stop2()
		fmt.Println(i, err, ok2)`, "[a b] [1 2]\nx y true false\n0 <nil> true\n"},
	"errors by type": {`
		import ("errors"; "fmt"; "io/fs"; "os")
		_, err := os.Open("/no/such/file")
		failed, ok := errors.AsType[*fs.PathError](err)
		fmt.Println(failed.Op, ok)
		_, ok = errors.AsType[*fs.PathError](errors.New("other"))
		fmt.Println(ok)`, "open true\nfalse\n"},
	"what happens once": {`
		import ("fmt"; "sync")
		n := 0
		once := sync.OnceValue(func() int { n++; return n })
		twice := sync.OnceValues(func() (int, error) { n++; return n, nil })
		x, err := twice()
		fmt.Println(once(), once(), x, err)`, "2 2 1 <nil>\n"},
	"atomic pointers": {`
		import ("fmt"; "sync/atomic")
		type T struct{ N int }
		var p atomic.Pointer[T]
		first, second := &T{1}, &T{2}
		p.Store(first)
		fmt.Println(p.CompareAndSwap(first, second), p.Load().N, p.Swap(nil).N, p.Load() == nil)`, "true 2 2 true\n"},
	"handles and weak pointers": {`
		import ("fmt"; "unique"; "weak"; "runtime")
		a, b := unique.Make("x"), unique.Make("x")
		fmt.Println(a == b, a.Value(), unique.Make("y") == a)
		v := new([100]int)
		w := weak.Make(v)
		fmt.Println(w.Value() == v, weak.Make(v) == w)
		runtime.KeepAlive(v)`, "true x false\ntrue true\n"},
	"reflection": {`
		import ("fmt"; "reflect")
		type T struct{ N int }
		v, ok := reflect.TypeAssert[T](reflect.ValueOf(T{3}))
		fmt.Println(reflect.TypeFor[T](), v.N, ok)`, "main.T 3 true\n"},
	"cleanups": {`
		import ("fmt"; "runtime"; "time")
		done := make(chan string, 1)
		func() {
			big := new([1000]int)
			runtime.AddCleanup(big, func(s string) { done <- s }, "gone")
		}()
		for range 100 {
			runtime.GC()
			if len(done) > 0 { break }
			time.Sleep(time.Millisecond)
		}
		fmt.Println(<-done)`, "gone\n"},
	"random numbers in a range": {`
		import ("fmt"; "math/rand/v2"; "time")
		d := rand.N(time.Second)
		fmt.Println(d >= 0 && d < time.Second)`, "true\n"},
	"nullable columns": {`
		import ("database/sql"; "fmt")
		var n sql.Null[int]
		err := n.Scan("42")
		v, _ := n.Value()
		fmt.Println(n.V, n.Valid, err, v, n.Scan(nil), n.Valid)`, "42 true <nil> 42 <nil> false\n"},
	"hashes and keys": {`
		import ("crypto/hkdf"; "crypto/pbkdf2"; "crypto/sha256"; "fmt"; "hash/maphash")
		seed := maphash.MakeSeed()
		key, err := hkdf.Key(sha256.New, []byte("s"), nil, "i", 4)
		other, _ := pbkdf2.Key(sha256.New, "p", []byte("salt"), 1, 4)
		fmt.Println(maphash.Comparable(seed, 1.5) == maphash.Comparable(seed, 1.5), len(key), err, len(other))`, "true 4 <nil> 4\n"},
	"loggers that compiled code takes": {`
		import ("bytes"; "fmt"; "log"; "log/slog"; "net/http")
		var out bytes.Buffer
		server := http.Server{ErrorLog: log.New(&out, "server: ", 0)}
		server.ErrorLog.Print("one")
		slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey { return slog.Attr{} }
			return a
		}})).Info("two", "n", 2)
		fmt.Print(out.String())`, "server: one\nlevel=INFO msg=two n=2\n"},
	"gonum": {`
		import ("fmt"; "gonum.org/v1/gonum/mat"; "gonum.org/v1/gonum/stat")
		a := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
		var product mat.Dense
		product.Mul(a, a.T())
		fmt.Println(mat.Formatted(&product, mat.Squeeze()), stat.Mean([]float64{1, 2, 6}, nil))`, "⎡ 5  11⎤\n⎣11  25⎦ 3\n"},
}

func TestCellsUseBoundPackagesAsCompiledCodeDoes(t *testing.T) {
	for name, test := range cells {
		t.Run(name, func(t *testing.T) {
			cell, err := interp.New()
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if _, err := cell.Run(t.Context(), interp.Cell{Number: 1, Source: test.source}, interp.IO{Stdout: &out, Stderr: &out}); err != nil {
				t.Fatal(err)
			}
			if out.String() != test.want {
				t.Errorf("got %q, want %q", out.String(), test.want)
			}
		})
	}
}
