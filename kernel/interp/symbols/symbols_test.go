package symbols_test

import (
	"go/types"
	"iter"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goplus/ixgo"

	"paperlab/kernel/interp/symbols"
	_ "paperlab/kernel/interp/symbols/bindings"
)

func TestBoundPackagesAreThoseThatACellMayImport(t *testing.T) {
	bound := symbols.Bound()
	if !slices.IsSorted(bound) {
		t.Error("the list is not sorted")
	}
	for _, path := range []string{"fmt", "unsafe", "slices", "log/slog", "gonum.org/v1/plot/plotter", "paperlab/tracker", "paperlab/kernel/display"} {
		if !symbols.Lookup(path) || !slices.Contains(bound, path) {
			t.Errorf("%s is not bound", path)
		}
	}
	for _, path := range []string{"internal/abi", "iter@patch", "github.com/goplus/ixgo/builtin", "example.com/x", ""} {
		if symbols.Lookup(path) || slices.Contains(bound, path) {
			t.Errorf("%q is bound", path)
		}
	}
}

func TestTheErrorOfAnUnboundImportHelps(t *testing.T) {
	for path, want := range map[string][]string{
		"github.com/montanaflynn/stats/v2": {"github.com/montanaflynn/stats/v2 is not in this kernel", "the standard library (", "gonum.org/v1/plot (", "paperlab/... (", "paperlab kernel build --with github.com/montanaflynn/stats/v2"},
		"gonum/mat":                        {"Did you mean gonum.org/v1/gonum/mat?"},
		"internal/abi":                     {"package internal/abi is not in this kernel"},
	} {
		got := (&symbols.UnboundError{Path: path}).Error()
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: %q does not say %q", path, got, part)
			}
		}
		if len(got) > 500 {
			t.Errorf("%s: %d bytes of error", path, len(got))
		}
	}
	if got := (&symbols.UnboundError{Path: "internal/abi"}).Error(); strings.Contains(got, "--with") {
		t.Errorf("%q promises what cannot be built", got)
	}
}

func TestDocsTellWhatASymbolIs(t *testing.T) {
	std := true
	if _, err := exec.LookPath("go"); err != nil {
		t.Log("no go command, so no source of the standard library: its docs are not tested")
		std = false
	}
	for _, test := range []struct{ path, symbol, declaration, doc string }{
		{"fmt", "Println", "func Println(a ...any) (n int, err error)", "Println formats"},
		{"time", "Time.Add", "func (t Time) Add(d Duration) Time", "Add returns the time t+d."},
		{"io", "Reader.Read", "func (Reader) Read(p []byte) (n int, err error)", ""},
		{"net/http", "Server.ErrorLog", "field ErrorLog *log.Logger", "ErrorLog specifies"},
		{"math", "Pi", "const Pi = 3.14159", "https://oeis.org"},
		{"iter", "Pull", "func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func())", "Pull converts"},
		{"paperlab/tracker", "", `package tracker // import "paperlab/tracker"`, "Package tracker"},
		{"paperlab/tracker", "Run", "type Run struct {\n\tID ", "Run is one execution"},
		{"paperlab/tracker", "Run.ID", "field ID string", "lower-case ULID"},
	} {
		declaration, doc, ok := symbols.Doc(test.path, test.symbol)
		ours := strings.HasPrefix(test.path, "paperlab/")
		if !ok || (ours || std) && (!strings.HasPrefix(declaration, test.declaration) || !strings.HasPrefix(doc, test.doc)) {
			t.Errorf("%s.%s: got %q, %q, %v", test.path, test.symbol, declaration, doc, ok)
		}
	}
	for _, unknown := range [][2]string{{"fmt", "Printline"}, {"fmt", "Stringer.Foo"}, {"example.com/x", "X"}, {"fmt", "newPrinter"}} {
		if declaration, _, ok := symbols.Doc(unknown[0], unknown[1]); ok {
			t.Errorf("%v is declared as %q", unknown, declaration)
		}
	}
}

func TestDeclarationsNeedNoSource(t *testing.T) {
	t.Setenv("GOMODCACHE", t.TempDir())
	for symbol, want := range map[string]string{
		"":            `package mat // import "gonum.org/v1/gonum/mat"`,
		"Dense":       "type Dense struct {\n\t// and unexported fields\n}",
		"Dense.Mul":   "func (*Dense) Mul(a Matrix, b Matrix)",
		"Matrix.Dims": "func (Matrix) Dims() (r int, c int)",
		"NewDense":    "func NewDense(r int, c int, data []float64) *Dense",
		"CondNorm":    "const CondNorm lapack.MatrixNorm = 73",
		"ErrShape":    "var ErrShape Error",
	} {
		declaration, doc, ok := symbols.Doc("gonum.org/v1/gonum/mat", symbol)
		if declaration != want || doc != "" || !ok {
			t.Errorf("%s: got %q, %q, %v", symbol, declaration, doc, ok)
		}
	}
}

func TestCompiledTypesAreFoundForThoseOfTheTypeChecker(t *testing.T) {
	context := ixgo.NewContext(0)
	if err := symbols.Install(context); err != nil {
		t.Fatal(err)
	}
	result := func(path, function string) *types.Named {
		pkg, err := context.Importer.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		typ := pkg.Scope().Lookup(function).Type().(*types.Signature).Results().At(0).Type()
		if pointer, ok := typ.(*types.Pointer); ok {
			typ = pointer.Elem()
		}
		return types.Unalias(typ).(*types.Named)
	}
	for _, test := range []struct {
		path, function string
		want           reflect.Type
	}{
		{"strings", "NewReader", reflect.TypeFor[strings.Reader]()},
		{"strings", "SplitSeq", reflect.TypeFor[iter.Seq[string]]()},
		{"os", "DirFS", nil}, // an interface of package io/fs
	} {
		named := result(test.path, test.function)
		got, ok := symbols.Type(named)
		if !ok || test.want != nil && got != test.want {
			t.Errorf("%s is %v, %v, want %v", named, got, ok, test.want)
		}
	}
	local := types.NewNamed(types.NewTypeName(0, types.NewPackage("main", "main"), "T", nil), types.Typ[types.Int], nil)
	if got, ok := symbols.Type(local); ok {
		t.Errorf("a cell's type is %s", got)
	}
}
