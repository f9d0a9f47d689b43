// Command generate writes the bindings of the packages that every kernel has: the standard library, gonum, and this project.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"paperlab/kernel/interp/symbols/bind"
)

// kept is where github.com/goplus/ixgo keeps its bindings of the standard library.
const kept = "github.com/goplus/ixgo/pkg/"

var (
	// gonum is what notebooks use of it, and what their plots are made of.
	gonum = []string{
		"gonum.org/v1/gonum/blas", "gonum.org/v1/gonum/blas/blas64", "gonum.org/v1/gonum/floats", "gonum.org/v1/gonum/integrate",
		"gonum.org/v1/gonum/interp", "gonum.org/v1/gonum/mat", "gonum.org/v1/gonum/optimize", "gonum.org/v1/gonum/stat", "gonum.org/v1/gonum/stat/combin",
		"gonum.org/v1/gonum/stat/distuv", "gonum.org/v1/plot", "gonum.org/v1/plot/font", "gonum.org/v1/plot/palette",
		"gonum.org/v1/plot/palette/brewer", "gonum.org/v1/plot/palette/moreland", "gonum.org/v1/plot/plotter", "gonum.org/v1/plot/plotutil",
		"gonum.org/v1/plot/text", "gonum.org/v1/plot/vg", "gonum.org/v1/plot/vg/draw", "gonum.org/v1/plot/vg/vgimg", "gonum.org/v1/plot/vg/vgsvg",
	}
	// project is where this project's public packages are.
	project = []string{"paperlab/lib/...", "paperlab/tracker/...", "paperlab/plots/...", "paperlab/kernel/display/...", "paperlab/kernel/live/..."}
	// notPublic are folders below those whose packages serve the command, the tests or the layer above.
	notPublic = []string{
		"cli", "bench", "internal", "native",
		"storetest", "nntest", "traintest", "vectortest", "pgtest", // for tests
		"web", "page", "mlflow", "trackio", "ingest", "jsonlines", "tee", "launch", "store", // what verbs are made of
	}

	// ownStd are standard packages whose bindings in ixgo are interpreted copies of their source, which compiled code does
	// not take for the real ones; with them, those that have generic declarations are bound here.
	ownStd = []string{"log", "log/slog"}
	// asSource are bound by ixgo as source, rightly: they are nothing but generic functions.
	asSource = []string{"cmp", "maps", "slices"}
	// useless are of no use in a notebook.
	useless = []string{"embed", "plugin", "runtime/race", "unsafe"}
	// native are what a light kernel is built without.
	native = []string{"github.com/sugarme/gotch", "github.com/DataIntelligenceCrew/go-faiss"}
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := generate(ctx, "bindings"); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// generate writes the bindings into a folder. The go command runs it in the folder of package symbols.
func generate(ctx context.Context, folder string) error {
	found, err := list(ctx, append([]string{"std"}, append(gonum, project...)...)...)
	if err != nil {
		return err
	}
	var paths []string
	for path := range found {
		paths = append(paths, path)
	}
	packages, err := bind.Load(ctx, bind.Config{Bound: asSource}, paths...)
	if err != nil {
		return err
	}
	ixgo, err := output(ctx, "list", "-m", "-f", "{{.Dir}}", "github.com/goplus/ixgo")
	if err != nil {
		return err
	}
	byIxgo := bind.Set{Kept: kept}
	var others, light, heavy bind.Set
	byIxgo.Archive, others.Archive = "library_gen.zip", "library_gen.zip"
	light.Archive, heavy.Archive = "project_gen.zip", "project_gen.zip"
	light.Docs, heavy.Docs, heavy.Constraint = true, true, "native"
	for _, p := range packages {
		set := &others
		switch {
		case keptBy(ixgo, p):
			set = &byIxgo
		case strings.HasPrefix(p.Path(), "paperlab/") && slices.ContainsFunc(found[p.Path()], isNative):
			set = &heavy
		case strings.HasPrefix(p.Path(), "paperlab/"):
			set = &light
		}
		set.Packages = append(set.Packages, p)
	}
	return bind.Write(folder, "bindings", asSource, byIxgo, others, light, heavy)
}

// keptBy tells whether ixgo's binding of a standard package is complete and real.
func keptBy(ixgo string, p *bind.Package) bool {
	_, err := os.Stat(filepath.Join(ixgo, "pkg", p.Path(), "go126_export.go"))
	return err == nil && len(p.Generics()) == 0 && !slices.Contains(ownStd, p.Path())
}

func isNative(path string) bool {
	return slices.ContainsFunc(native, func(root string) bool { return path == root || strings.HasPrefix(path, root+"/") })
}

// list gives what packages depend on, of those that patterns match and a cell may import.
func list(ctx context.Context, patterns ...string) (map[string][]string, error) {
	lines, err := output(ctx, append([]string{"list", "-f", "{{.Name}} {{.ImportPath}} {{join .Deps \" \"}}", "--"}, patterns...)...)
	if err != nil {
		return nil, err
	}
	found := map[string][]string{}
	for line := range strings.Lines(lines) {
		fields := strings.Fields(line)
		name, path := fields[0], fields[1]
		folders := strings.Split(path, "/")
		switch {
		case name == "main", folders[0] == "vendor", slices.Contains(folders, "internal"), slices.Contains(useless, path), slices.Contains(asSource, path):
		case folders[0] == "paperlab" && slices.ContainsFunc(notPublic, func(folder string) bool { return slices.Contains(folders, folder) }):
		default:
			found[path] = fields[2:]
		}
	}
	return found, nil
}

func output(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", args...).Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("go %s: %w\n%s", args[0], err, exit.Stderr)
	}
	return strings.TrimSpace(string(out)), err
}
