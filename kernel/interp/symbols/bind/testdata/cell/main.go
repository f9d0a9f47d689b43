// Command cell stands in for a kernel: it runs its argument as a cell, and tells what is known of a symbol.
package main

import (
	"context"
	"fmt"
	"os"

	"paperlab/kernel/interp"
	"paperlab/kernel/interp/symbols"
	_ "paperlab/kernel/interp/symbols/bindings"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(source, path, symbol string) error {
	notebook, err := interp.New()
	if err != nil {
		return err
	}
	out := interp.IO{Stdout: os.Stdout, Stderr: os.Stderr}
	if _, err := notebook.Run(context.Background(), interp.Cell{Number: 1, Source: source}, out); err != nil {
		return err
	}
	declaration, doc, _ := symbols.Doc(path, symbol)
	_, err = fmt.Println(declaration + "\n" + doc)
	return err
}
