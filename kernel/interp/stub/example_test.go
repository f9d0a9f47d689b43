package stub_test

import (
	"fmt"
	"reflect"
	"unsafe"

	"paperlab/kernel/interp/stub"
)

func Example() {
	double := reflect.ValueOf(func(receiver *int) int { return *receiver * 2 })
	code := stub.Enter(double, "main.Number.Double")

	// Compiled code calls a method by such an address; a function value is the address of one.
	function := &code
	call := *(*func(*int) int)(unsafe.Pointer(&function))
	n := 21
	fmt.Println(call(&n))
	// Output:
	// 42
}
