// Command lookup stands in for a kernel: it tells what is known of a bound function, and calls it.
package main

import (
	"fmt"
	"os"
	"reflect"

	"github.com/goplus/ixgo"

	"paperlab/kernel/interp/symbols"
	_ "paperlab/kernel/interp/symbols/bindings"
)

func main() {
	path, name, arg := os.Args[1], os.Args[2], os.Args[3]
	declaration, doc, _ := symbols.Doc(path, name)
	fmt.Println(declaration)
	fmt.Println(doc)
	if bound, ok := ixgo.LookupPackage(path); ok {
		fmt.Println(bound.Funcs[name].Call([]reflect.Value{reflect.ValueOf(arg)})[0])
	}
}
