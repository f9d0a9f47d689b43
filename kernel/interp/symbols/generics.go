package symbols

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
	_ "database/sql" // for convertAssign
	"embed"
	"hash"
	"hash/maphash"
	"iter"
	"path"
	"reflect"
	"runtime"
	"strings"
	"unique"
	"unsafe"
	"weak"

	"github.com/goplus/ixgo"
)

// The generic declarations of bound packages, as source: compiled code holds no generic function that others could
// instantiate. What they leave to compiled code is declared without body and registered below.
//
//go:embed generics/*.go
var genericFiles embed.FS

// generics maps a package's path to the source of its generic declarations.
var generics = map[string][]byte{}

func init() {
	files, err := genericFiles.ReadDir("generics")
	if err != nil {
		panic("symbols: " + err.Error()) // not with an embedded folder
	}
	for _, file := range files {
		source, err := genericFiles.ReadFile(path.Join("generics", file.Name()))
		if err != nil {
			panic("symbols: " + err.Error())
		}
		Generic(strings.ReplaceAll(strings.TrimSuffix(file.Name(), ".go"), "-", "/"), source)
	}
	Bodies("iter", map[string]any{"pull": iter.Pull[any]})
	Bodies("unique", map[string]any{
		"makeHandle":  func(value any) any { return unique.Make(value) },
		"handleValue": func(handle any) any { return handle.(unique.Handle[any]).Value() },
	})
	Bodies("weak", map[string]any{
		"makeWeak": func(p unsafe.Pointer) any { return weak.Make((*byte)(p)) },
		"strong":   func(w any) unsafe.Pointer { return unsafe.Pointer(w.(weak.Pointer[byte]).Value()) },
	})
	Bodies("runtime", map[string]any{
		"addCleanup": func(p unsafe.Pointer, cleanup func()) runtime.Cleanup {
			return runtime.AddCleanup((*byte)(p), func(f func()) { f() }, cleanup)
		},
	})
	Bodies("database/sql", map[string]any{"convertAssign": convertAssign})
	Bodies("hash/maphash", map[string]any{
		"comparableHash":  maphash.Comparable[any],
		"writeComparable": maphash.WriteComparable[any],
	})
	Bodies("crypto/hkdf", map[string]any{
		"extract": hkdf.Extract[hash.Hash],
		"expand":  hkdf.Expand[hash.Hash],
		"key":     hkdf.Key[hash.Hash],
	})
	Bodies("crypto/pbkdf2", map[string]any{"key": pbkdf2.Key[hash.Hash]})
}

// Generic registers the generic declarations of a package, as a Go file whose functions may call those of [Bodies]. It is
// called while packages are initialized.
func Generic(of string, source []byte) { generics[of] = source }

// Bodies registers the compiled functions that the generic declarations of a package call. It is called while packages
// are initialized.
func Bodies(of string, functions map[string]any) {
	values := map[string]reflect.Value{}
	for name, function := range functions {
		values[name] = reflect.ValueOf(function)
	}
	ixgo.RegisterPackage(&ixgo.Package{Path: of + patch, Name: path.Base(of), Funcs: values})
}

//go:linkname convertAssign database/sql.convertAssign
func convertAssign(dest, src any) error
