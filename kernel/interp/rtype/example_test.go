package rtype_test

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"

	"paperlab/kernel/interp/rtype"
)

func Example() {
	// type Celsius float64, with String.
	pkg := types.NewPackage("main", "main")
	celsius := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "Celsius", nil), types.Typ[types.Float64], nil)
	text := types.NewTuple(types.NewVar(token.NoPos, pkg, "", types.Typ[types.String]))
	receiver := types.NewVar(token.NoPos, pkg, "c", celsius)
	celsius.AddMethod(types.NewFunc(token.NoPos, pkg, "String", types.NewSignatureType(receiver, nil, nil, nil, text, false)))

	none := func(*types.Named) (reflect.Type, bool) { return nil, false }
	table := rtype.New(none, func(*types.Selection) func([]reflect.Value) []reflect.Value {
		return func(args []reflect.Value) []reflect.Value {
			value := reflect.Indirect(args[0])
			return []reflect.Value{reflect.ValueOf(fmt.Sprintf("%.1f °C", value.Float()))}
		}
	})
	warm := reflect.ValueOf(21.5).Convert(table.Type(celsius))
	fmt.Printf("%T %v\n", warm.Interface(), warm.Interface())
	// Output:
	// main.Celsius 21.5 °C
}
