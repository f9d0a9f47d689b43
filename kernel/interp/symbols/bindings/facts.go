package bindings

import (
	_ "embed"

	"paperlab/kernel/interp/symbols"

	// What is nothing but generic functions is bound as source.
	_ "github.com/goplus/ixgo/pkg/cmp"
	_ "github.com/goplus/ixgo/pkg/maps"
	_ "github.com/goplus/ixgo/pkg/slices"
)

// The types of the standard library and gonum, and the types and docs of this project's packages.
var (
	//go:embed library_gen.zip
	library []byte
	//go:embed project_gen.zip
	project []byte
)

func init() {
	symbols.Facts(library)
	symbols.Facts(project)
}
