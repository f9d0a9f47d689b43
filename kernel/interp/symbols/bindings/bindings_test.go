package bindings_test

import (
	"go/token"
	"go/types"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/packages"

	"paperlab/kernel/interp/symbols"
	_ "paperlab/kernel/interp/symbols/bindings"
)

// imports gives bound packages as a cell sees them.
func imports(t testing.TB) types.Importer {
	context := ixgo.NewContext(0)
	if err := symbols.Install(context); err != nil {
		t.Fatal(err)
	}
	return context.Importer
}

func TestACellSeesAllThatABoundPackageExports(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command, which knows the packages' real declarations: install Go and put it in the PATH")
	}
	bound := symbols.Bound()
	real, err := packages.Load(&packages.Config{Context: t.Context(), Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps}, bound...)
	if err != nil {
		t.Fatal(err)
	}
	cell := imports(t)
	for _, want := range real {
		got, err := cell.Import(want.PkgPath)
		if err != nil {
			t.Errorf("%s: %v", want.PkgPath, err)
			continue
		}
		for _, name := range want.Types.Scope().Names() {
			if !token.IsExported(name) {
				continue
			}
			seen := got.Scope().Lookup(name)
			if seen == nil {
				t.Errorf("%s.%s is missing", want.PkgPath, name)
				continue
			}
			if got, want := describe(seen), describe(want.Types.Scope().Lookup(name)); !slices.Equal(got, want) {
				t.Errorf("%s.%s is seen as\n\t%s, but is\n\t%s", seen.Pkg().Path(), name, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
			}
		}
	}
}

func TestTheStandardLibraryIsBound(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command, which lists the standard library: install Go and put it in the PATH")
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Name}} {{.ImportPath}}", "std").Output()
	if err != nil {
		t.Fatal(err)
	}
	// Of no use to a cell: files of a build, shared libraries of another, and nothing at all.
	unbound := []string{"embed", "plugin", "runtime/race"}
	for line := range strings.Lines(string(out)) {
		name, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		folders := strings.Split(path, "/")
		if name == "main" || folders[0] == "vendor" || slices.Contains(folders, "internal") || slices.Contains(unbound, path) {
			continue
		}
		if !symbols.Lookup(path) {
			t.Errorf("%s is not bound", path)
		}
	}
}

// describe gives an object's declaration and, for a type, its exported methods'. What stands behind a generic type is
// left out: in all bound packages that is not exported.
func describe(object types.Object) []string {
	lines := declarations(object)
	for i, line := range lines {
		lines[i] = strings.ReplaceAll(line, "interface{}", "any")
	}
	return lines
}

func declarations(object types.Object) []string {
	qualifier := func(pkg *types.Package) string { return strings.TrimSuffix(pkg.Path(), "@patch") }
	name, isType := object.(*types.TypeName)
	if !isType {
		return []string{types.ObjectString(object, qualifier)}
	}
	named, ok := name.Type().(*types.Named)
	if !ok {
		return []string{types.ObjectString(object, qualifier)}
	}
	lines := []string{types.TypeString(named, qualifier)}
	if named.TypeParams().Len() == 0 {
		lines = append(lines, types.TypeString(named.Underlying(), qualifier))
	}
	for method := range named.Methods() {
		if method.Exported() {
			lines = append(lines, types.ObjectString(method, qualifier))
		}
	}
	slices.Sort(lines[1:])
	return lines
}

// BenchmarkFirstImport is what the first import of net/http costs a notebook.
func BenchmarkFirstImport(b *testing.B) {
	for b.Loop() {
		if _, err := imports(b).Import("net/http"); err != nil {
			b.Fatal(err)
		}
	}
}
