package stub

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"
)

// Capacity is how many entries there are. The last tells of the exhaustion.
const Capacity = 1 << 17

// entrySize is the length of an entry's code in bytes.
const entrySize = 13

var (
	firstEntry unsafe.Pointer           // the code of slot 0's entry: set in entry_amd64.s
	slots      [Capacity]unsafe.Pointer // the function values, which this array keeps alive

	mu   sync.Mutex
	used int
)

// Enter gives the address of code that calls the function: what a method table holds. The function's first argument is
// the receiver, the name is the method's. Without entries left, the code panics with [Exhausted], since a type cannot do
// without code for its methods. Enter is safe for concurrent use.
func Enter(function reflect.Value, name string) unsafe.Pointer {
	mu.Lock()
	defer mu.Unlock()
	index := used
	if index == Capacity-1 {
		err := Exhausted{name}
		function = reflect.ValueOf(func() { panic(err) })
	} else {
		used++
	}
	slots[index] = word(function)
	return unsafe.Add(firstEntry, index*entrySize)
}

// Available is how many functions can still be entered. It is safe for concurrent use.
func Available() int {
	mu.Lock()
	defer mu.Unlock()
	return Capacity - 1 - used
}

// Exhausted is what a method panics with that was made after all entries were taken.
type Exhausted struct{ Method string }

// Error names the method and says what to do.
func (e Exhausted) Error() string {
	return fmt.Sprintf("%s cannot be called: this kernel has declared more than %d methods; restart it", e.Method, Capacity-1)
}

// word is what a variable of the function's type holds.
func word(function reflect.Value) unsafe.Pointer {
	variable := reflect.New(function.Type())
	variable.Elem().Set(function)
	return *(*unsafe.Pointer)(variable.UnsafePointer())
}
