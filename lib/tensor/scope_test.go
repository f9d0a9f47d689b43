package tensor_test

import (
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/tensor"
)

func TestEveryFailureIsAnErrorThatNamesTheOperation(t *testing.T) {
	outer := tensor.NewScope(tensor.CPU)
	defer outer.Close()
	f32 := func(s *tensor.Scope, shape ...int64) *tensor.Tensor { return s.Zeros(tensor.Float32, shape...) }
	closed := tensor.NewScope(tensor.CPU)
	freed := f32(closed, 2)
	closed.Close()

	cases := []struct {
		name string
		run  func(s *tensor.Scope)
		want []string
	}{
		{"shapes that do not multiply", func(s *tensor.Scope) { s.MatMul(f32(s, 2, 3), f32(s, 2, 3)) }, []string{"matmul", "float32[2 3]"}},
		{"shapes that do not broadcast", func(s *tensor.Scope) { s.Add(f32(s, 2), f32(s, 3)) }, []string{"add", "float32[2]", "float32[3]"}},
		{"types that do not multiply", func(s *tensor.Scope) { s.MatMul(f32(s, 2, 2), s.Zeros(tensor.Int64, 2, 2)) }, []string{"matmul", "int64[2 2]"}},
		{"ids that are not integers", func(s *tensor.Scope) { s.Embedding(f32(s, 4, 2), f32(s, 3)) }, []string{"embedding", "float32[3]"}},
		{"an id past the vocabulary", func(s *tensor.Scope) { s.Embedding(f32(s, 4, 2), s.FromInt64s([]int64{4}, 1)) }, []string{"embedding", "index"}},
		{"a label past the classes", func(s *tensor.Scope) { s.CrossEntropy(f32(s, 1, 3), s.FromInt64s([]int64{3}, 1), -100) }, []string{"cross entropy"}},
		{"a dimension that is not there", func(s *tensor.Scope) { s.Softmax(f32(s, 2), 3) }, []string{"softmax", "Dimension"}},
		{"a slice past the end", func(s *tensor.Scope) { s.Narrow(f32(s, 2), 0, 1, 2) }, []string{"narrow"}},
		{"a reshape to another count", func(s *tensor.Scope) { s.Reshape(f32(s, 6), 4) }, []string{"reshape", "float32[6]"}},
		{"values that do not fill the shape", func(s *tensor.Scope) { s.FromFloat32s([]float32{1, 2}, 3) }, []string{"2 values", "[3]"}},
		{"bytes that do not fill the shape", func(s *tensor.Scope) { s.FromBytes([]byte{1, 2}, tensor.Float32, 1) }, []string{"2 bytes", "float32[1]"}},
		{"a negative size", func(s *tensor.Scope) { f32(s, -1) }, []string{"zeros", "negative"}},
		{"a size past the address space", func(s *tensor.Scope) { f32(s, 1<<40, 1<<40) }, []string{"zeros", "memory has addresses"}},
		{"memory that the system refuses", func(s *tensor.Scope) { f32(s, 1<<50) }, []string{"zeros", "memory refused"}},
		{"nothing to join", func(s *tensor.Scope) { s.Cat(0) }, []string{"cat"}},
		{"a nil operand", func(s *tensor.Scope) { s.Add(nil, f32(s, 1)) }, []string{"add", "operand 0 is nil"}},
		{"an operand of a closed scope", func(s *tensor.Scope) { s.Add(f32(s, 2), freed) }, []string{"add", "operand 1 was freed"}},
		{"an AdamW step on unequal lengths", func(s *tensor.Scope) {
			s.AdamW(f32(s, 2), f32(s, 2), f32(s, 2), f32(s, 3), tensor.AdamW{Step: 1})
		}, []string{"adamw", "one length"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := outer.Child()
			defer s.Close()
			c.run(s)
			if s.Err() == nil {
				t.Fatal("no error")
			}
			for _, word := range c.want {
				if !strings.Contains(s.Err().Error(), word) {
					t.Errorf("%q does not say %q", s.Err(), word)
				}
			}
			if strings.Contains(s.Err().Error(), "frame #") {
				t.Errorf("a C++ backtrace in %q", s.Err())
			}
			first := s.Err().Error()
			if f32(s, 1) != nil {
				t.Error("an operation after the failure ran")
			}
			if s.Err().Error() != first {
				t.Errorf("an operation after the failure made %q of %q", s.Err(), first)
			}
		})
	}
}

func TestRefusedMemoryCanBeRecognised(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	s.Zeros(tensor.Float32, 1<<50)
	if !errors.Is(s.Err(), tensor.ErrNoMemory) {
		t.Errorf("%v is not ErrNoMemory", s.Err())
	}
}

func TestAClosedScopeRefusesToWork(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	x := s.Zeros(tensor.Float32, 2)
	s.Close()
	s.Close()
	if s.Zeros(tensor.Float32, 1) != nil || s.Err() == nil {
		t.Error("a closed scope made a tensor")
	}
	if _, err := x.Float32s(); err == nil {
		t.Error("a freed tensor was read")
	}
	if err := tensor.Backward(x); err == nil {
		t.Error("a backward pass from a freed tensor")
	}
}

func TestKeepMovesATensorOut(t *testing.T) {
	outer := tensor.NewScope(tensor.CPU)
	defer outer.Close()
	inner := outer.Child()
	x := outer.Keep(inner.Full(7, tensor.Float32))
	inner.Zeros(tensor.Float32, 3)
	inner.Close()
	if v, err := x.Item(); err != nil || v != 7 {
		t.Errorf("kept tensor: %v, %v", v, err)
	}
	if outer.Len() != 1 || inner.Len() != 0 {
		t.Errorf("outer owns %d, inner %d; want 1, 0", outer.Len(), inner.Len())
	}
}

func TestAdoptTakesTensorsAndErrors(t *testing.T) {
	outer := tensor.NewScope(tensor.CPU)
	defer outer.Close()
	good := outer.Child()
	x := good.Full(3, tensor.Float32)
	if !outer.Adopt(good, x) {
		t.Fatal(outer.Err())
	}
	if v, _ := x.Item(); v != 3 {
		t.Errorf("adopted tensor is %v, want 3", v)
	}
	bad := outer.Child()
	bad.Cat(0)
	if outer.Adopt(bad) || outer.Err() == nil {
		t.Error("the child's error was lost")
	}
}

// A million operations in scopes that are closed leave the resident set where it was.
func TestAMillionOperationsHoldMemoryFlat(t *testing.T) {
	outer := tensor.NewScope(tensor.CPU)
	defer outer.Close()
	x := outer.Full(1, tensor.Float32, 256)
	work := func(operations int) {
		for range operations / 1000 {
			s := outer.Child()
			for range 250 {
				y := s.GELUTanh(s.MulScalar(s.Add(x, x), 0.5))
				s.Scale(y, 2)
			}
			if s.Err() != nil {
				t.Fatal(s.Err())
			}
			s.Close()
		}
		runtime.GC()
	}
	work(100_000)
	before := residentMB(t)
	work(1_000_000)
	if grown := residentMB(t) - before; grown > 16 {
		t.Errorf("a million operations grew the process by %d MB", grown)
	}
}

// Collections at every turn must not free what C still uses: values stay right with GOGC=1 and forced collections.
func TestTheGarbageCollectorFreesNothingThatIsInUse(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s := tensor.NewScope(tensor.CPU)
			defer s.Close()
			sum := s.Zeros(tensor.Float32, 64)
			for i := range 2000 {
				c := s.Child()
				one := c.FromFloat32s(make([]float32, 64), 64)
				c.Copy(sum, c.Add(sum, c.AddScalar(one, 1)))
				if i%50 == 0 {
					runtime.GC()
				}
				if c.Err() != nil {
					t.Error(c.Err())
				}
				c.Close()
			}
			values, err := sum.Float32s()
			if err != nil || values[0] != 2000 || values[63] != 2000 {
				t.Errorf("sum is %v, %v; want 2000 everywhere", values[:1], err)
			}
		})
	}
	wg.Wait()
}

func residentMB(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc here:", err)
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kb), "kB")))
			if err != nil {
				t.Fatal(err)
			}
			return n / 1024
		}
	}
	t.Fatal("no VmRSS in /proc/self/status")
	return 0
}
