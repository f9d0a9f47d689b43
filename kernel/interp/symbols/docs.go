package symbols

import (
	"encoding/json"
	"go/build"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"paperlab/kernel/interp/symbols/docs"
)

// docCache holds what was read, by package path: func() docs.Package.
var docCache sync.Map

// Doc tells what is known of a symbol of a bound package: Println, Time.Add, or "" for the package. The declaration is Go,
// the doc comment plain text. A package of this project has its docs in the program; another has them where its source
// is on this machine, and elsewhere a declaration alone. It is safe for concurrent use.
func Doc(path, symbol string) (declaration, doc string, ok bool) {
	if !Lookup(path) {
		return "", "", false
	}
	read, _ := docCache.LoadOrStore(path, sync.OnceValue(func() docs.Package { return readDocs(path) }))
	if entry, ok := read.(func() docs.Package)()[symbol]; ok {
		return entry.Declaration, entry.Doc, true
	}
	declaration, ok = declared(path, symbol)
	return declaration, "", ok
}

// readDocs gives a package's docs, none if there are neither docs nor a source.
func readDocs(path string) docs.Package {
	if file, ok := docData[path]; ok {
		var pkg docs.Package
		if data, err := contents(file); err == nil && json.Unmarshal(data, &pkg) == nil {
			return pkg
		}
		return nil
	}
	for _, dir := range sources(path) {
		if pkg, err := docs.Read(dir, path); err == nil {
			return pkg
		}
	}
	return nil
}

// sources lists where a package's source may be: Go's own tree, or the module cache in the version that is built in.
func sources(path string) []string {
	dirs := []string{filepath.Join(goroot(), "src", path)}
	built, ok := debug.ReadBuildInfo()
	if !ok {
		return dirs
	}
	cache := os.Getenv("GOMODCACHE")
	if cache == "" {
		cache = filepath.Join(filepath.SplitList(build.Default.GOPATH)[0], "pkg", "mod")
	}
	for _, module := range built.Deps {
		if rest, ok := strings.CutPrefix(path, module.Path); ok && (rest == "" || rest[0] == '/') {
			if module.Replace != nil {
				module = module.Replace
			}
			dirs = append(dirs, filepath.Join(cache, escaped(module.Path)+"@"+module.Version, rest))
		}
	}
	return dirs
}

// goroot is where Go is installed, as far as can be told without its command.
var goroot = sync.OnceValue(func() string {
	candidates := []string{os.Getenv("GOROOT"), runtime.GOROOT()} //nolint:staticcheck // Where this program was built is a good guess.
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if tool, err := filepath.EvalSymlinks(filepath.Join(dir, "go")); err == nil {
			candidates = append(candidates, filepath.Dir(filepath.Dir(tool)))
		}
	}
	for _, root := range candidates {
		if _, err := os.Stat(filepath.Join(root, "src", "fmt")); root != "" && err == nil {
			return root
		}
	}
	return ""
})

// escaped is how the module cache writes a path: capitals as ! and the small letter.
func escaped(path string) string {
	var out strings.Builder
	for _, r := range path {
		if 'A' <= r && r <= 'Z' {
			out.WriteByte('!')
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}
