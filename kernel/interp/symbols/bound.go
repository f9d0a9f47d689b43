package symbols

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goplus/ixgo"
)

// Lookup tells whether a cell may import a package.
func Lookup(path string) bool {
	if path == "unsafe" {
		return true
	}
	_, ok := ixgo.LookupPackage(path)
	return ok && importable(path)
}

// Bound lists the packages that a cell may import, sorted.
func Bound() []string {
	paths := slices.DeleteFunc(ixgo.PackageList(), func(path string) bool { return !importable(path) })
	paths = append(paths, "unsafe")
	slices.Sort(paths)
	return paths
}

// importable excludes what ixgo registers for itself.
func importable(path string) bool {
	return !strings.HasPrefix(path, "github.com/goplus/ixgo/") && !strings.HasSuffix(path, patch) && !slices.Contains(strings.Split(path, "/"), "internal")
}

// UnboundError says that a cell imports a package that the kernel was built without.
type UnboundError struct{ Path string }

// Error says which packages are bound, in brief, and how to bind another.
func (e *UnboundError) Error() string {
	text := fmt.Sprintf("package %s is not in this kernel, which has %s.", e.Path, strings.Join(groups(), ", "))
	if host, _, _ := strings.Cut(e.Path, "/"); strings.Contains(host, ".") {
		return text + fmt.Sprintf(" Build a kernel with it: paperlab kernel build --with %s", e.Path)
	}
	if near := nearest(e.Path); near != "" {
		text += fmt.Sprintf(" Did you mean %s?", near)
	}
	return text
}

// groups names the bound packages by where they come from.
func groups() []string {
	var std, own int
	roots := map[string][]string{}
	for _, path := range Bound() {
		first, rest, _ := strings.Cut(path, "/")
		switch {
		case first == "paperlab":
			own++
		case !strings.Contains(first, "."):
			std++
		default:
			roots[module(first, rest)] = append(roots[module(first, rest)], path)
		}
	}
	names := []string{fmt.Sprintf("the standard library (%d packages)", std)}
	for root, paths := range roots {
		names = append(names, fmt.Sprintf("%s (%d)", root, len(paths)))
	}
	slices.Sort(names[1:])
	if own > 0 {
		names = append(names, fmt.Sprintf("paperlab/... (%d)", own))
	}
	return names
}

// module shortens a path to what its packages have in common: gonum.org/v1/plot, github.com/owner/name.
func module(host, rest string) string {
	parts := strings.SplitN(rest, "/", 3)
	if len(parts) > 2 {
		parts = parts[:2]
	}
	return host + "/" + strings.Join(parts, "/")
}

// nearest is the bound package whose last element is the path's, if there is just one: mat for gonum/mat.
func nearest(path string) string {
	last := path[strings.LastIndex(path, "/")+1:]
	found := slices.DeleteFunc(Bound(), func(bound string) bool {
		return bound != last && !strings.HasSuffix(bound, "/"+last)
	})
	if len(found) == 1 {
		return found[0]
	}
	return ""
}
