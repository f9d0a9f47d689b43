package bindings_test

import (
	"go/types"
	"testing"
	"time"

	"github.com/goplus/ixgo"

	"paperlab/kernel/interp/symbols"
	_ "paperlab/kernel/interp/symbols/bindings"
)

func TestEveryBoundPackageImports(t *testing.T) {
	context := ixgo.NewContext(0)
	start := time.Now()
	if err := symbols.Install(context); err != nil {
		t.Fatal(err)
	}
	t.Log("install", time.Since(start))
	start = time.Now()
	for _, path := range symbols.Bound() {
		one := time.Now()
		pkg, err := context.Importer.Import(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if d := time.Since(one); d > 5*time.Millisecond {
			t.Log(path, d)
		}
		if !pkg.Complete() {
			t.Errorf("%s is incomplete", path)
		}
	}
	t.Log("all", time.Since(start), len(symbols.Bound()))
	_ = types.Universe
}
