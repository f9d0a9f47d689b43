package bindings

import (
	_ "embed"

	"paperlab/kernel/interp/symbols"

	// What is nothing but generic functions is bound as source.
	_ "github.com/goplus/ixgo/pkg/cmp"
	_ "github.com/goplus/ixgo/pkg/maps"
	_ "github.com/goplus/ixgo/pkg/slices"
)

//go:embed facts_gen.zip
var facts []byte

func init() { symbols.Facts(facts) }
