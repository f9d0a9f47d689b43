package compute

import (
	"context"

	"paperlab/kernel/display"
	"paperlab/kernel/interp"
	_ "paperlab/kernel/interp/symbols/bindings" // what cells import
)

// newEngine returns an interpreter in which cells find what a notebook has without an import.
func newEngine() (*interp.Interp, error) {
	return interp.New(
		interp.Predeclare("Display", func(ctx context.Context) func(...any) error { return display.Bind(ctx).Display }),
		interp.Predeclare("ClearOutput", func(ctx context.Context) func(...bool) error { return display.Bind(ctx).ClearOutput }),
		interp.Predeclare("Input", func(ctx context.Context) func(string) string { return display.Bind(ctx).Input }),
		interp.AutoImport("paperlab/kernel/display"),
	)
}
