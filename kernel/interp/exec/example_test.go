package exec_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"

	"paperlab/kernel/interp/exec"
	_ "paperlab/kernel/interp/symbols/bindings"
)

// A package is checked by go/types and then run, here to the end of its function hello.
func Example() {
	machine, err := exec.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "hello.go", `package main
		import "fmt"
		func hello() { fmt.Println("hello from", []string{"interpreted", "Go"}) }`, parser.SkipObjectResolution)
	if err != nil {
		fmt.Println(err)
		return
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Scopes: map[ast.Node]*types.Scope{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Instances: map[*ast.Ident]types.Instance{}, FileVersions: map[*ast.File]string{},
	}
	config := &types.Config{Importer: machine.Importer(), Sizes: types.SizesFor("gc", "amd64")}
	checked, err := config.Check("main", fset, []*ast.File{file}, info)
	if err != nil {
		fmt.Println(err)
		return
	}
	pkg, err := machine.Load(exec.Unit{Fset: fset, Pkg: checked, Files: []*ast.File{file}, Info: info})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pkg.Call(exec.NewTask(context.Background(), os.Stdout, os.Stderr), "hello"))
	// Output:
	// hello from [interpreted Go]
	// <nil>
}
